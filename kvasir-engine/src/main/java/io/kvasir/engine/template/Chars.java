package io.kvasir.engine.template;

import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;

/** What Python says about characters: whitespace, lines, printability, counting by code points. */
final class Chars {
  private Chars() {}

  /** {@code str.isspace} of one character; all of them are in the basic plane. */
  static boolean isSpace(int c) {
    return (c >= 9 && c <= 13)
        || (c >= 0x1c && c <= 0x20)
        || c == 0x85
        || c == 0xa0
        || (c > 0xff && Character.isSpaceChar(c));
  }

  /** The characters that {@code str.splitlines} splits at. */
  static boolean isLineBreak(char c) {
    return (c >= 0x0a && c <= 0x0d)
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** {@code str.isprintable} of one character. */
  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  /** The first position from {@code from} on that holds no whitespace. */
  static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  static String strip(String text, boolean left, boolean right) {
    int start = left ? skipSpace(text, 0) : 0;
    int end = text.length();
    while (right && end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Strips every character that occurs in {@code set}. */
  static String strip(String text, String set, boolean left, boolean right) {
    Set<Integer> stripped = set.codePoints().boxed().collect(Collectors.toSet());
    int start = 0;
    int end = text.length();
    while (left && start < end && stripped.contains(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && stripped.contains(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * The position in UTF-16 units of the code point {@code index}, which must exist or be the end.
   */
  static int offset(String text, int index) {
    return text.offsetByCodePoints(0, index);
  }

  /** Lower case digits, filled with zeros. */
  static String hex(int value, int digits) {
    return HexFormat.of().toHexDigits(value, digits);
  }
}
