package io.kvasir.cli;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Text from outside: it is UTF-8, or it is refused; a replaced byte would be a guess. */
final class Utf8Text {
  private Utf8Text() {}

  /**
   * @param where names the source, as the beginning of a sentence
   * @throws UsageException when a byte cannot be part of UTF-8; says which
   */
  static String decode(byte[] bytes, String where) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (result.isError()) {
      throw new UsageException(
          "%s is not UTF-8: byte %d is 0x%02x"
              .formatted(where, in.position(), bytes[in.position()]));
    }
    return out.flip().toString();
  }
}
