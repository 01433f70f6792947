package io.kvasir.engine.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The string methods that take texts apart. */
final class StringParts {
  private StringParts() {}

  static Object split(String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("split", 0, "sep", "maxsplit");
    long most = most(bound);
    return bound.has("sep") ? at(text, separator(bound), most, budget) : words(text, most, budget);
  }

  static Object rsplit(String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("rsplit", 0, "sep", "maxsplit");
    long most = most(bound);
    return bound.has("sep")
        ? fromRight(text, separator(bound), most, budget)
        : wordsFromRight(text, most, budget);
  }

  private static long most(Arguments.Bound bound) {
    long most = bound.integer("maxsplit", -1);
    return most < 0 ? Long.MAX_VALUE : most;
  }

  private static String separator(Arguments.Bound bound) {
    String separator = bound.text("sep");
    if (separator.isEmpty()) {
      throw new TemplateException("%s: the separator is empty".formatted(bound.function()));
    }
    return separator;
  }

  private static List<Object> at(String text, String separator, long most, Budget budget) {
    budget.search(text, separator);
    List<Object> parts = new ArrayList<>();
    int start = 0;
    int found = text.indexOf(separator);
    while (found >= 0 && parts.size() < most) {
      add(text.substring(start, found), parts, budget);
      start = found + separator.length();
      found = text.indexOf(separator, start);
    }
    add(text.substring(start), parts, budget);
    return parts;
  }

  private static List<Object> fromRight(String text, String separator, long most, Budget budget) {
    budget.search(text, separator);
    List<Object> parts = new ArrayList<>();
    int end = text.length();
    while (parts.size() < most) {
      int found =
          end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
      if (found < 0) {
        break;
      }
      add(text.substring(found + separator.length(), end), parts, budget);
      end = found;
    }
    add(text.substring(0, end), parts, budget);
    Collections.reverse(parts);
    return parts;
  }

  /** Runs of anything but whitespace; what is left after the last split keeps its inner spaces. */
  private static List<Object> words(String text, long most, Budget budget) {
    List<Object> parts = new ArrayList<>();
    int at = Chars.skipSpace(text, 0);
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && (parts.size() >= most || !Chars.isSpace(text.charAt(end)))) {
        end++;
      }
      add(text.substring(at, end), parts, budget);
      at = Chars.skipSpace(text, end);
    }
    return parts;
  }

  private static List<Object> wordsFromRight(String text, long most, Budget budget) {
    List<Object> parts = new ArrayList<>();
    int end = endOfWord(text, text.length());
    while (end > 0) {
      int start = end;
      while (start > 0 && (parts.size() >= most || !Chars.isSpace(text.charAt(start - 1)))) {
        start--;
      }
      add(text.substring(start, end), parts, budget);
      end = endOfWord(text, start);
    }
    Collections.reverse(parts);
    return parts;
  }

  /** The last position up to {@code end} with something else than whitespace before it. */
  private static int endOfWord(String text, int end) {
    int at = end;
    while (at > 0 && Chars.isSpace(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  static Object splitlines(String text, Arguments arguments, Budget budget) {
    return lines(text, arguments.bind("splitlines", 0, "keepends").flag("keepends"), budget);
  }

  static List<Object> lines(String text, boolean keepEnds, Budget budget) {
    List<Object> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (Chars.isLineBreak(text.charAt(i))) {
        int next = text.startsWith("\r\n", i) ? i + 2 : i + 1;
        add(text.substring(start, keepEnds ? next : i), lines, budget);
        start = next;
        i = next - 1;
      }
    }
    if (start < text.length()) {
      add(text.substring(start), lines, budget);
    }
    return lines;
  }

  static Object partition(String text, Arguments arguments, Budget budget) {
    String separator = separator(arguments.bind("partition", 1, "sep"));
    budget.search(text, separator);
    int at = text.indexOf(separator);
    return at < 0
        ? new Tuple(List.of(text, "", ""))
        : new Tuple(
            List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
  }

  static Object rpartition(String text, Arguments arguments, Budget budget) {
    String separator = separator(arguments.bind("rpartition", 1, "sep"));
    budget.search(text, separator);
    int at = text.lastIndexOf(separator);
    return at < 0
        ? new Tuple(List.of("", "", text))
        : new Tuple(
            List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
  }

  private static void add(String part, List<Object> parts, Budget budget) {
    budget.step();
    budget.characters(part.length());
    parts.add(part);
  }
}
