package io.kvasir.engine.template;

import java.util.Locale;
import java.util.function.IntPredicate;

/** Upper and lower case, digits and letters, as Python's string methods see them. */
final class CharCase {
  private CharCase() {}

  /** Not empty, and every code point is of a kind. */
  static boolean all(String text, IntPredicate kind) {
    return !text.isEmpty() && text.codePoints().allMatch(kind);
  }

  /** Decimal digits, superscripts, circled digits: what has a digit's value. */
  static boolean isDigit(int c) {
    boolean superscript =
        c == 0xb9 || c == 0xb2 || c == 0xb3 || c == 0x2070 || (c >= 0x2074 && c <= 0x2079);
    return Character.isDigit(c)
        || superscript
        || (c >= 0x2080 && c <= 0x2089)
        || (c >= 0x2460 && c <= 0x2468);
  }

  static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return isDigit(c) || type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
  }

  static boolean isAlphanumeric(int c) {
    return Character.isLetter(c) || isNumeric(c);
  }

  /** Some cased characters, none of them lower case. */
  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  /** Upper case at the start of words and nowhere else. */
  static boolean isTitle(String text) {
    boolean inWord = false;
    boolean some = false;
    for (int c : text.codePoints().toArray()) {
      boolean capital = Character.isUpperCase(c) || Character.isTitleCase(c);
      boolean small = Character.isLowerCase(c);
      if ((capital && inWord) || (small && !inWord)) {
        return false;
      }
      inWord = capital || small;
      some |= inWord;
    }
    return some;
  }

  static String fold(String text) {
    // lower first: the capital sharp s has no upper case, the small one becomes two letters
    String upper = text.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT);
    return upper.toLowerCase(Locale.ROOT).replace('ς', 'σ');
  }

  /** A word is a run of cased characters, so the letter after an apostrophe begins one. */
  static String title(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() != text.length()) {
      lower = text; // lowering changed the length: keep positions, lower one by one
    }
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      out.appendCodePoint(
          inWord ? Character.toLowerCase(lower.codePointAt(i)) : Character.toTitleCase(c));
      inWord = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
      i += Character.charCount(c);
    }
    return out.toString();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    int rest = Character.charCount(first);
    return Character.toString(Character.toTitleCase(first))
        + text.substring(rest).toLowerCase(Locale.ROOT);
  }

  static String swap(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (Character.isUpperCase(c)) {
        out.appendCodePoint(Character.toLowerCase(c));
      } else if (Character.toUpperCase(c) != c) {
        out.appendCodePoint(Character.toUpperCase(c));
      } else if (Character.isLowerCase(c)) { // like the sharp s, becomes two letters
        out.append(text.substring(i, next).toUpperCase(Locale.ROOT));
      } else {
        out.appendCodePoint(c);
      }
      i = next;
    }
    return out.toString();
  }

  /** The filter {@code title}: words begin after whitespace, hyphens and opening brackets. */
  static String titleWords(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length()
          || Chars.isSpace(text.charAt(i))
          || "-({[<".indexOf(text.charAt(i)) >= 0) {
        if (start < i) {
          int rest = text.offsetByCodePoints(start, 1);
          out.append(text.substring(start, rest).toUpperCase(Locale.ROOT));
          out.append(text.substring(rest, i).toLowerCase(Locale.ROOT));
        }
        if (i < text.length()) {
          out.append(text.charAt(i));
        }
        start = i + 1;
      }
    }
    return out.toString();
  }
}
