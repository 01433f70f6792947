package io.kvasir.engine.tokenizer;

import java.util.Arrays;

/**
 * GPT-2's way to write any bytes as visible text: a printable byte of Latin-1 is that character,
 * the n-th of the other 68 is U+0100 + n. A space is therefore U+0120.
 */
final class ByteAlphabet {
  private static final char[] LETTERS = new char[256];
  private static final short[] BYTES = new short[256 + 68]; // by letter; -1: none

  static {
    Arrays.fill(BYTES, (short) -1);
    char next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b != 0xad);
      LETTERS[b] = printable ? (char) b : next++;
      BYTES[LETTERS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  static char letter(int unsignedByte) {
    return LETTERS[unsignedByte];
  }

  /** The byte that {@code codePoint} writes, or -1. */
  static int unsignedByte(int codePoint) {
    return codePoint < BYTES.length ? BYTES[codePoint] : -1;
  }

  /** {@code text[from .. to)} written in letters, as UTF-8. */
  static byte[] write(byte[] text, int from, int to) {
    byte[] out = new byte[2 * (to - from)];
    int size = 0;
    for (int i = from; i < to; i++) {
      int letter = LETTERS[text[i] & 0xff];
      if (letter < 0x80) {
        out[size++] = (byte) letter;
      } else {
        out[size++] = (byte) (0xc0 | letter >> 6);
        out[size++] = (byte) (0x80 | (letter & 0x3f));
      }
    }
    return Arrays.copyOf(out, size);
  }
}
