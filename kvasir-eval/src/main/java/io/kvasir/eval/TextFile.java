package io.kvasir.eval;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text from outside: a regular file in UTF-8, or it is refused. */
public final class TextFile {
  /** No context holds that much, and no plan file needs it. */
  private static final int MOST_BYTES = 1 << 28;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /**
   * The text, with Unix line ends and without a byte order mark.
   *
   * @throws InputException when there is no such file, it is no regular one, cannot be read, is too
   *     large or is not UTF-8
   */
  public static String read(Path file) {
    if (!Files.exists(file)) {
      throw new InputException(file + " does not exist; expected a text file");
    }
    if (!Files.isRegularFile(file)) { // a pipe would block, a device never end
      throw new InputException(file + " is not a regular file; expected a text file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new InputException("%s has more than %d bytes".formatted(file, MOST_BYTES));
      }
      return decode(bytes, file);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  private static String decode(byte[] bytes, Path file) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (result.isError()) {
      throw new InputException(
          "%s is not UTF-8: byte %d is 0x%02x"
              .formatted(file, in.position(), bytes[in.position()]));
    }
    String text = out.flip().toString().replace("\r\n", "\n");
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }
}
