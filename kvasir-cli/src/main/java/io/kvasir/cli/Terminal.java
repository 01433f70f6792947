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

  /**
   * Control characters but tab and newline become {@code \}{@code uXXXX}: text from files and
   * models could carry escape sequences.
   */
  static String printable(String text) {
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
