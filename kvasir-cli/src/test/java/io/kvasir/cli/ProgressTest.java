package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Looks at bars in a pseudo-terminal; elsewhere there are none. */
class ProgressTest {
  /** Closes a bar right after it appeared, before the library has drawn it. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws InterruptedException {
      try (Progress progress = new Progress("reading", " tokens", 30)) {
        progress.to(0, 3_000);
        Thread.sleep(1_100);
        progress.to(1_500, 3_000);
      }
      System.out.println("next");
    }
  }

  @Test
  void aBarCountsItsUnitAndIsWipedHoweverShortItsLife() {
    try (Pty pty = Pty.java("xterm", Program.class)) {
      pty.await("next");
      assertThat(pty.exitCode()).isZero();
      assertThat(pty.output())
          .contains("reading  50% [")
          .contains(" 50/100 tokens ")
          .contains("\r" + " ".repeat(99) + "\rnext");
    }
  }
}
