package io.kvasir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.terminal.spi.SystemStream;

/**
 * A document to be read: plain text in UTF-8. What people give instead, and how to make text of it,
 * is said.
 *
 * @param name as the user knows it
 */
record Document(String name, String text) {
  /** No context holds that much, and the heap need not hold it either. */
  private static final int MOST_BYTES = 1 << 28;

  private static final int PDF = 0x25504446; // %PDF
  private static final int ZIP = 0x504B0304;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /**
   * Reads a file, or standard input when there is none or it is {@code -}.
   *
   * @throws UsageException when it is no text, or empty; says what it is
   */
  static Document read(Optional<Path> file) {
    try {
      if (file.isEmpty() || file.get().toString().equals("-")) {
        return of("standard input", stdin());
      }
      Path path = file.get();
      if (Files.isDirectory(path)) {
        throw new UsageException(path + " is a directory; expected a text file");
      }
      try (InputStream in = Files.newInputStream(path)) {
        return of(path.toString(), in.readNBytes(MOST_BYTES + 1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] stdin() throws IOException {
    if (Terminal.isTerminal(SystemStream.Input)) {
      throw new UsageException("no document; give --file FILE, or pipe one in");
    }
    return System.in.readNBytes(MOST_BYTES + 1);
  }

  private static Document of(String name, byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new UsageException(
          "%s has more than %d bytes; no model reads that much".formatted(name, MOST_BYTES));
    }
    int start = bytes.length < Integer.BYTES ? 0 : ByteBuffer.wrap(bytes).getInt();
    if (start == PDF) {
      throw new UsageException(name + " is a PDF; expected text, which pdftotext makes of it");
    }
    if (start == ZIP) {
      throw new UsageException(
          name + " is a zip archive (.docx, .odt and .epub are such); expected plain text");
    }
    if (start >>> 16 == 0xFFFE || start >>> 16 == 0xFEFF) {
      throw new UsageException(
          name + " is UTF-16; expected UTF-8, which iconv -f UTF-16 -t UTF-8 makes of it");
    }
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == 0) {
        throw new UsageException(
            "%s is not text: byte %d is 0x00; expected UTF-8".formatted(name, at));
      }
    }
    String text = Utf8Text.decode(bytes, name);
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    if (text.isBlank()) {
      throw new UsageException(name + " is empty; expected a document");
    }
    return new Document(name, TextInput.withoutFinalNewline(text));
  }
}
