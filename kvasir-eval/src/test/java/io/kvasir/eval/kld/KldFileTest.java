package io.kvasir.eval.kld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.eval.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KldFileTest {
  private static final KldText TEXT = new KldText(4, List.of(new int[] {0, 1, 2, 0}));
  private static final KldShape SHAPE = new KldShape(4, 3, 1);

  @TempDir Path temp;

  /**
   * Logits 0, -ln 2 and one far below: the codes were computed by hand from the source's formulas.
   */
  @Test
  void everyByteIsWhereLlamaPutsIt() throws IOException {
    Path file = write("golden.kld", new float[] {0, -8, -100});
    String floats = // 16 / 65535 = 39800080; -16 - ln(1 + e^-8) = c18000b0
        "80008039" + "b00080c1";
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
        .isEqualTo(
            "5f6c6f676974735f" // _logits_
                + "04000000"
                + "03000000"
                + "01000000"
                + "00000000010000000200000000000000" // the text
                + floats
                + "ffff" // the most probable
                + "0080" // 32767.5, rounded to even
                + "0000" // below the range
                + "0000"); // V is odd
  }

  @Test
  void whatWasReadIsWrittenAgainByteForByte() throws IOException {
    Random random = new Random(5);
    float[] logits = new float[3];
    for (int i = 0; i < 100; i++) {
      for (int v = 0; v < logits.length; v++) {
        logits[v] = (float) random.nextGaussian() * 4;
      }
      Path file = write("a" + i, logits);
      Path copy = temp.resolve("b" + i);
      try (KldReader reader = KldReader.open(file);
          KldWriter writer = new KldWriter(copy, reader.shape())) {
        writer.begin(reader.tokens());
        writer.add(reader.next());
        writer.finish();
      }
      assertThat(copy).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void sixteenBitsKeepProbabilitiesToHalfAStep() {
    Random random = new Random(6);
    float[] logits = new float[1001];
    for (int v = 0; v < logits.length; v++) {
      logits[v] = (float) random.nextGaussian() * 3;
    }
    KldRow row = new KldRow(logits.length);
    row.encode(logits);
    double total = Math.log(sumOfExp(logits));
    for (int v = 0; v < logits.length; v++) {
      double exact = logits[v] - total;
      if (exact > row.logP(row.argmax()) - 16) {
        assertThat((double) row.logP(v)).isCloseTo(exact, within(16 / 65535.0 / 2 + 1e-5));
      }
    }
  }

  @Test
  void equalLogitsHaveNoSteps() {
    KldRow row = new KldRow(4);
    row.encode(new float[4]);
    assertThat(row.logP(3)).isEqualTo((float) -Math.log(4));
    assertThat(row.argmax()).isZero();
  }

  private static double sumOfExp(float[] logits) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 88  | does not begin with \"_logits_\"; expected a .kld file of llama.cpp",
        "8 | 3   | says 3 tokens of a chunk; expected 4 to 16777216",
        "12 | -1 | says -1 tokens of the vocabulary; expected 1 to 16777216",
        "12 | 5  | has 52 bytes, 1 chunks of 4 tokens with a vocabulary of 5 take 56: truncated?",
        "16 | 16777216 | has 52 bytes, 16777216 chunks of 4 tokens with a vocabulary of 3 take"
            + " 536870932: truncated?",
        "24 | 3  | : chunk 0 holds token 3; expected 0 to 2",
      })
  void aDamagedFileIsRefusedInOneSentence(int at, int value, String sentence) throws IOException {
    Path file = damaged(at, value);
    assertThatThrownBy(() -> KldReader.open(file))
        .isInstanceOf(InputException.class)
        .hasMessage(file + (sentence.startsWith(":") ? "" : " ") + sentence);
  }

  @Test
  void aRowOfNoProbabilitiesIsRefused() throws IOException {
    Path file = damaged(KldShape.HEADER_BYTES + 16, Float.floatToIntBits(Float.NaN));
    try (KldReader reader = KldReader.open(file)) {
      assertThatThrownBy(reader::next)
          .hasMessage(file + ": row 0 holds no logarithms of probabilities; damaged?");
    }
  }

  @Test
  void whatIsNoFileOfItsKindIsRefused() throws IOException {
    Path empty = Files.createFile(temp.resolve("empty"));
    assertThatThrownBy(() -> KldReader.open(empty))
        .hasMessage(empty + " has 0 bytes; expected a .kld file of llama.cpp");
    assertThatThrownBy(() -> KldReader.open(temp))
        .hasMessage(temp + " is not a regular file; expected a .kld file of llama.cpp");
  }

  @Test
  void aFileHasItsNameOnlyWhenItIsWhole() throws IOException {
    Path file = temp.resolve("new.kld");
    try (KldWriter writer = new KldWriter(file, SHAPE)) {
      writer.begin(TEXT);
    }
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFolderThatIsNotThereIsFoundBeforeTheWork() {
    Path file = temp.resolve("none/new.kld");
    assertThatThrownBy(() -> KldBase.open(Optional.of(file), EMPTY, EMPTY))
        .hasMessage(
            "cannot write %s: %s is no folder that can be written to"
                .formatted(file, file.getParent()));
  }

  @Test
  void aFileThatVanishedWhileWrittenIsOneSentence() {
    Path file = temp.resolve("none/new.kld");
    assertThatThrownBy(() -> new KldWriter(file, SHAPE))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file + " cannot be written: ");
  }

  private static final OptionalInt EMPTY = OptionalInt.empty();

  @Test
  void anotherTextIsRefused() {
    KldText base = new KldText(4, List.of(new int[] {0, 1, 2, 3}, new int[] {4, 5, 6, 7}));
    KldText other = new KldText(4, List.of(new int[] {0, 1, 2, 3}, new int[] {4, 5, 9, 7}));
    assertThatThrownBy(() -> base.requireSame(other, "b.kld"))
        .hasMessage(
            "b.kld is of another text or tokenizer: token 2 of chunk 1 is 6 there and 9 in the text");
    assertThatThrownBy(() -> base.requireSame(other.first(1), "b.kld"))
        .hasMessage("the text fills 1 chunks of 4 tokens, b.kld has 2");
    base.first(1).requireSame(other, "b.kld");
  }

  private Path write(String name, float[] logits) {
    Path file = temp.resolve(name);
    KldRow row = new KldRow(logits.length);
    row.encode(logits);
    try (KldWriter writer = new KldWriter(file, SHAPE)) {
      writer.begin(TEXT);
      writer.add(row);
      writer.finish();
    }
    return file;
  }

  private Path damaged(int at, int value) throws IOException {
    Path file = write("damaged.kld", new float[] {0, -1, -2});
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return Files.write(file, Arrays.copyOf(bytes, bytes.length));
  }
}
