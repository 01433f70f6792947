package io.kvasir.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** Whether there is a terminal, and what may reach it. */
final class Terminal {
  private static final int STDOUT = 1;

  private Terminal() {}

  /**
   * Whether a standard descriptor (0, 1 or 2) is a terminal. {@code System.console()} only tells
   * whether input and output both are.
   */
  static boolean isTerminal(int descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("isatty")
        .map(at -> linker.downcallHandle(at, FunctionDescriptor.of(JAVA_INT, JAVA_INT)))
        .filter(isatty -> call(isatty, descriptor) == 1)
        .isPresent();
  }

  /** A text for standard output: as it is for a file or a program, printable for a terminal. */
  static String shown(String text) {
    String safe = printable(text);
    return safe.equals(text) || isTerminal(STDOUT) ? safe : text;
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

  private static int call(MethodHandle isatty, int descriptor) {
    try {
      return (int) isatty.invokeExact(descriptor);
    } catch (Throwable e) {
      throw new AssertionError("isatty takes an int and throws nothing", e);
    }
  }
}
