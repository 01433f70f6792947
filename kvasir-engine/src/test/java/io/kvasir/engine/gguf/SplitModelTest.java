package io.kvasir.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.kernel.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitModelTest {
  private static final int PARTS = 3;

  @TempDir Path folder;

  private static GgufWriter model() {
    GgufWriter writer = new GgufWriter().string("general.name", "split");
    for (int i = 0; i < 7; i++) {
      writer.tensor("t" + i, TensorType.F32, new byte[] {(byte) i, 0, 0, 0}, 1);
    }
    return writer;
  }

  /** One part as a file, with values of its own. */
  private GgufWriter part(int number, int count, int tensors) {
    return new GgufWriter()
        .uint16("split.no", number)
        .uint16("split.count", count)
        .int32("split.tensors.count", tensors);
  }

  private Path at(String name) {
    return folder.resolve(name);
  }

  private static void refused(Path path, String sentence) {
    assertThatThrownBy(() -> GgufFile.open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void anyPartOpensAll() {
    for (Path part : model().split(folder, "m", PARTS)) {
      try (GgufFile file = GgufFile.open(part)) {
        assertThat(file.path()).isEqualTo(part);
        assertThat(file.metadata().string("general.name")).isEqualTo("split");
        assertThat(file.tensors()).hasSize(7);
        for (int i = 0; i < 7; i++) {
          assertThat(file.tensors().get(i).name()).isEqualTo("t" + i);
          assertThat(file.data(file.tensors().get(i)).get(ValueLayout.JAVA_BYTE, 0))
              .isEqualTo((byte) i);
        }
        assertThat(file.tensors().getLast().part()).isEqualTo(2);
      }
    }
  }

  @Test
  void aNameMayHoldAnyCharacter() {
    List<Path> parts = model().split(folder, "a\nb-00007-of-00009.gguf", PARTS);
    try (GgufFile file = GgufFile.open(parts.getLast())) {
      assertThat(file.tensors()).hasSize(7);
    }
  }

  @Test
  void bytesAndFingerprintAreThoseOfAllParts() throws IOException {
    List<Path> parts = model().split(folder, "m", PARTS);
    long bytes = 0;
    for (Path part : parts) {
      bytes += Files.size(part);
    }
    String print;
    try (GgufFile file = GgufFile.open(parts.getFirst())) {
      assertThat(file.bytes()).isEqualTo(bytes);
      print = file.fingerprint();
    }
    try (GgufFile file = GgufFile.open(parts.getLast())) {
      assertThat(file.fingerprint()).isEqualTo(print);
    }
    byte[] last = Files.readAllBytes(parts.getLast());
    last[last.length - 32] ^= 1;
    Files.write(parts.getLast(), last);
    try (GgufFile file = GgufFile.open(parts.getFirst())) {
      assertThat(file.fingerprint()).isNotEqualTo(print);
    }
  }

  @Test
  void aMergedModelIsWhole() {
    GgufWriter merged =
        model().uint16("split.no", 0).uint16("split.count", 0).int32("split.tensors.count", 99);
    try (GgufFile file = GgufFile.open(merged.write(at("merged.gguf")))) {
      assertThat(file.tensors()).hasSize(7);
    }
  }

  @Test
  void aMissingPartIsNamed() throws IOException {
    List<Path> parts = model().split(folder, "m", PARTS);
    Files.delete(parts.get(1));
    refused(parts.get(2), "one of its 3 parts is missing, expected it at " + parts.get(1));
  }

  @Test
  void aRenamedPartIsRefused() throws IOException {
    List<Path> parts = model().split(folder, "m", PARTS);
    refused(
        Files.copy(parts.get(0), at("other.gguf")),
        "split.no is 0 of 3, expected a name that ends in -00001-of-00003.gguf");
    Files.copy(parts.get(0), parts.get(1), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    refused(
        parts.get(2),
        "m-00002-of-00003.gguf: split.no is 0 of 3, expected a name that ends in -00001-of-00003.gguf");
  }

  @Test
  void partsThatPointAtEachOtherInACircleAreRefused() throws IOException {
    Path first = at("m-00001-of-00002.gguf");
    Files.createSymbolicLink(at("m-00002-of-00002.gguf"), first);
    part(0, 2, 0).write(first);
    refused(first, "m-00002-of-00002.gguf: split.no is 0 of 2");
    Path loop = at("l-00002-of-00002.gguf");
    Files.createSymbolicLink(loop, loop);
    part(0, 2, 0).write(at("l-00001-of-00002.gguf"));
    refused(at("l-00001-of-00002.gguf"), "l-00002-of-00002.gguf cannot be read");
  }

  @Test
  void partsThatContradictEachOtherAreRefused() {
    Path first = part(0, 2, 0).write(at("m-00001-of-00002.gguf"));
    part(1, 5, 0).write(at("m-00002-of-00002.gguf"));
    refused(first, "m-00002-of-00002.gguf: split.no is 1 of 5");
    new GgufWriter().write(at("m-00002-of-00002.gguf"));
    refused(first, "m-00002-of-00002.gguf: it is one whole model, expected part 2 of 2");
    part(1, 2, 3).write(at("m-00002-of-00002.gguf"));
    refused(
        first,
        "m-00002-of-00002.gguf: split.tensors.count is 3, expected 0, the tensors of its 2 parts");
    part(0, 2, 0).without("split.tensors.count").write(first);
    refused(first, "m-00001-of-00002.gguf: split.tensors.count is missing");
  }

  @Test
  void numbersOfPartsHaveBounds() {
    refused(part(3, 3, 0).write(at("a.gguf")), "split.no is 3, expected 0 to 2");
    refused(part(1, 1, 0).write(at("b.gguf")), "split.no is 1, expected 0");
    refused(part(0, 60000, 0).write(at("c.gguf")), "split.count is 60000, expected 0 to 999");
    refused(part(0, 3, 0).without("split.no").write(at("d.gguf")), "split.no is missing");
  }

  @Test
  void aTensorInTwoPartsIsRefused() {
    byte[] data = new byte[4];
    Path first =
        part(0, 2, 2).tensor("t", TensorType.F32, data, 1).write(at("m-00001-of-00002.gguf"));
    Path second =
        part(1, 2, 2).tensor("t", TensorType.F32, data, 1).write(at("m-00002-of-00002.gguf"));
    refused(second, "m-00002-of-00002.gguf: the tensor t is in " + first + ", too");
  }
}
