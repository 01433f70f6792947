package io.kvasir.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** Whether there is a terminal, and what may reach it. */
final class Terminal {
  private Terminal() {}

  /**
   * Whether a standard stream is a terminal. {@code System.console()} only tells whether input and
   * output both are.
   */
  static boolean isTerminal(SystemStream stream) {
    try {
      return TerminalProvider.load("ffm").isSystemStream(stream);
    } catch (IOException e) {
      return false; // no native access on this system
    }
  }

  /** A text for standard output: as it is for a file or a program, printable for a terminal. */
  static String shown(String text) {
    String safe = printable(text);
    return safe.equals(text) || isTerminal(SystemStream.Output) ? safe : text;
  }

  /**
   * Prints a piece of a text that is still growing.
   *
   * @throws UncheckedIOException standard output was closed: nobody reads the rest
   */
  static void stream(String text) {
    System.out.print(shown(text));
    if (System.out.checkError()) { // flushes, too
      throw new UncheckedIOException(new IOException("standard output was closed"));
    }
  }

  /** Tells a sentence on standard error, in one line that begins with the program's name. */
  static void tell(String sentence) {
    System.err.println("kvasir: " + line(sentence));
  }

  /** A name or a sentence that has to stay within its line, whatever a file or a model calls it. */
  static String line(String text) {
    return printable(text).replace("\n", "\\n");
  }

  /**
   * Control characters but tab and newline become {@code \}{@code uXXXX}: text from files and
   * models could carry escape sequences.
   */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\t') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
