package io.kvasir.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.terminal.spi.SystemStream;

/** Where commands find their text: an option's value, a file, or standard input. */
final class TextInput {
  private TextInput() {}

  /** The value of an option; {@code -} stands for standard input. */
  static String of(String value) {
    return value.equals("-") ? stdin() : value;
  }

  /**
   * What is piped in.
   *
   * @param otherwise says what to give instead, when nobody pipes and a person would have to type
   */
  static String piped(String otherwise) {
    if (Terminal.isTerminal(SystemStream.Input)) {
      throw new UsageException(otherwise);
    }
    return stdin();
  }

  /** A file as text, {@code -} for standard input. */
  static String file(Path path) {
    if (path.toString().equals("-")) {
      return stdin();
    }
    try {
      return withoutFinalNewline(Utf8Text.decode(Files.readAllBytes(path), path.toString()));
    } catch (FileSystemException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      throw new UsageException("cannot read " + path + ": " + e.getMessage());
    }
  }

  private static String stdin() {
    try {
      return withoutFinalNewline(Utf8Text.decode(System.in.readAllBytes(), "standard input"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code echo} and editors end every text with one, and models continue differently after it. */
  static String withoutFinalNewline(String text) {
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
