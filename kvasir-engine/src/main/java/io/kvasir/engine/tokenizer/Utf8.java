package io.kvasir.engine.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Steps through UTF-8 that is known to be well-formed, and makes it so. */
final class Utf8 {
  private Utf8() {}

  /**
   * The text in UTF-8; each lone surrogate becomes U+FFFD (the JDK would write a question mark).
   */
  static byte[] bytes(String text) {
    return wellFormed(text).getBytes(StandardCharsets.UTF_8);
  }

  private static String wellFormed(String text) {
    int bad = loneSurrogate(text, 0);
    if (bad < 0) {
      return text;
    }
    StringBuilder fixed = new StringBuilder(text);
    for (; bad >= 0; bad = loneSurrogate(text, bad + 1)) {
      fixed.setCharAt(bad, '\ufffd');
    }
    return fixed.toString();
  }

  private static int loneSurrogate(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          return i;
        }
      }
    }
    return -1;
  }

  static boolean isWellFormed(byte[] bytes, int from, int to) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Bytes of the character that starts with {@code lead}. */
  static int length(byte lead) {
    int b = lead & 0xff;
    return b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
  }

  /** The code point that starts at {@code at}. */
  static int codePoint(byte[] text, int at) {
    int lead = text[at];
    return switch (length((byte) lead)) {
      case 1 -> lead;
      case 2 -> (lead & 0x1f) << 6 | (text[at + 1] & 0x3f);
      case 3 -> (lead & 0x0f) << 12 | (text[at + 1] & 0x3f) << 6 | (text[at + 2] & 0x3f);
      default ->
          (lead & 0x07) << 18
              | (text[at + 1] & 0x3f) << 12
              | (text[at + 2] & 0x3f) << 6
              | (text[at + 3] & 0x3f);
    };
  }
}
