package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Types at a program that reads its lines, through a pseudo-terminal. */
@Tag("slow")
class TypedInputTest {
  /** Prints every line it gets, and ends with the input. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      try (TypedInput input = new TypedInput()) {
        for (Optional<String> line = input.next(); line.isPresent(); line = input.next()) {
          System.out.println("got <" + line.get().replace("\n", "|") + ">");
        }
      }
      System.out.println("left");
    }
  }

  private static Pty start(String terminal) {
    Pty pty = Pty.java(terminal, Program.class);
    pty.await("> ");
    return pty;
  }

  @Test
  void apostrophesAndExclamationMarksAreLetters() {
    try (Pty pty = start("xterm")) {
      pty.type("don't stop! it's \"fine\n");
      pty.await("got <don't stop! it's \"fine>");
    }
  }

  @Test
  void theLastLineCanBeEditedAndComesBack() {
    try (Pty pty = start("xterm")) {
      pty.type("helo\u007flo\n");
      pty.await("got <hello>");
      pty.await("> "); // keys that come before it are not edited
      pty.type("\u001bOA!\n"); // cursor up
      pty.await("got <hello!>");
    }
  }

  @Test
  void aBackslashContinuesTheLine() {
    try (Pty pty = start("xterm")) {
      pty.type("one\\\n");
      pty.await(". ");
      pty.type("two\n");
      pty.await("got <one|two>");
    }
  }

  @Test
  void ctrlCDropsTheLineAndCtrlDLeaves() {
    try (Pty pty = start("xterm")) {
      pty.type("not this\u0003");
      pty.await("(Ctrl-D or /exit leaves)");
      pty.await("> ");
      pty.type("but this\n");
      pty.await("got <but this>");
      pty.await("> ");
      pty.type("\u0004");
      pty.await("left");
      assertThat(pty.exitCode()).isZero();
      assertThat(pty.output()).doesNotContain("got <not this");
    }
  }

  @Test
  void worksWhereTheTerminalKnowsNothing() {
    try (Pty pty = start("dumb")) {
      pty.type("plain words\n");
      pty.await("got <plain words>");
      pty.await("> ");
      pty.type("\u0004");
      pty.await("left");
      assertThat(pty.output()).doesNotContain("Unable to create").doesNotContain("\u001b[");
    }
  }
}
