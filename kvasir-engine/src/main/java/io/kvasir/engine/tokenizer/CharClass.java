package io.kvasir.engine.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The character classes of the published split patterns: {@code \p{L}}, {@code \p{N}}, {@code
 * \p{P}} and {@code \s} (White_Space, 25 characters); everything else, unassigned code points
 * included, is {@link #OTHER}. The general categories come from {@code unicode-15.1.txt} beside
 * this class.
 */
final class CharClass {
  static final byte OTHER = 0;
  static final byte LETTER = 1;
  static final byte NUMBER = 2;
  static final byte PUNCTUATION = 3;
  static final byte SPACE = 4;

  private static final int[] WHITE_SPACE = {
    0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004,
    0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000
  };

  /** By code point; nothing beyond the last letter, U+323AF, has a class. */
  private static final byte[] CLASSES = read();

  private CharClass() {}

  static byte of(int codePoint) {
    return codePoint < CLASSES.length ? CLASSES[codePoint] : OTHER;
  }

  static boolean isNumber(int codePoint) {
    return of(codePoint) == NUMBER;
  }

  /** {@code [\p{P}$+<=>^~|]}; of ASCII this leaves out the back quote alone. */
  static boolean isLoudPunctuation(int codePoint) {
    return of(codePoint) == PUNCTUATION || "$+<=>^~|".indexOf(codePoint) >= 0;
  }

  private static byte[] read() {
    byte[] classes = new byte[0x323b0];
    try (InputStream in = CharClass.class.getResourceAsStream("unicode-15.1.txt");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          fill(classes, line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int c : WHITE_SPACE) {
      classes[c] = SPACE;
    }
    return classes;
  }

  /** One line: a category and its code points, {@code L 41-5A 61-7A AA}. */
  private static void fill(byte[] classes, String line) {
    String[] words = line.split(" ", -1);
    byte type =
        switch (words[0]) {
          case "L" -> LETTER;
          case "N" -> NUMBER;
          case "P" -> PUNCTUATION;
          default ->
              throw new IllegalStateException("unknown category in unicode-15.1.txt: " + line);
        };
    for (int i = 1; i < words.length; i++) {
      int dash = words[i].indexOf('-');
      String first = dash < 0 ? words[i] : words[i].substring(0, dash);
      String last = words[i].substring(dash + 1);
      Arrays.fill(classes, Integer.parseInt(first, 16), Integer.parseInt(last, 16) + 1, type);
    }
  }
}
