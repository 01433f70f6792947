package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PullBarTest {
  private final PrintStream real = System.err;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(err, true, UTF_8));
  }

  @AfterEach
  void release() {
    System.setErr(real);
  }

  @Test
  void aTerminalSeesABarThatFitsIt() {
    try (PullBar bar = new PullBar("m", OptionalInt.of(60))) {
      bar.bytes(10_000_000, -1);
      bar.bytes(98_000_000, 98_000_000);
    }
    String[] drawn = err.toString(UTF_8).split("[\\r\\n]+");
    assertThat(drawn[drawn.length - 1]).startsWith("m 100% [=").contains("] 98/98MB (");
    assertThat(drawn).allSatisfy(line -> assertThat(line).hasSizeLessThan(60));
  }

  @Test
  void aSentenceStandsOnALineOfItsOwn() {
    try (PullBar bar = new PullBar("m", OptionalInt.of(60))) {
      bar.bytes(1, 98_000_000);
      bar.says("taking wheels\u001b[1m");
    }
    assertThat(err.toString(UTF_8)).endsWith("\nkvasir: taking wheels\\u001b[1m\n");
  }

  @Test
  void withoutATerminalEachStepIsOneLine() {
    try (PullBar bar = new PullBar("m", OptionalInt.empty())) {
      bar.bytes(0, 98_000_000);
      bar.bytes(1, 98_000_000);
      bar.says("taking wheels");
    }
    assertThat(err.toString(UTF_8))
        .isEqualTo("kvasir: pulling m, 98.0 MB in all\nkvasir: taking wheels\n");
  }
}
