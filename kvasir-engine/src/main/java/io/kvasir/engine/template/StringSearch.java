package io.kvasir.engine.template;

import java.util.List;

/** The string methods that look for a text in another. */
final class StringSearch {
  private StringSearch() {}

  static Object startsWith(String text, Arguments arguments, Budget budget) {
    return affix("startswith", text, arguments, budget);
  }

  static Object endsWith(String text, Arguments arguments, Budget budget) {
    return affix("endswith", text, arguments, budget);
  }

  private static boolean affix(String function, String text, Arguments arguments, Budget budget) {
    boolean prefix = function.equals("startswith");
    Arguments.Bound bound = arguments.bind(function, 1, "affix", "start", "end");
    Object affix = bound.value("affix");
    Window window = Window.of(text, bound, budget);
    for (Object one : affix instanceof Tuple several ? several.items() : List.of(affix)) {
      if (!(one instanceof String part)) {
        throw new TemplateException(
            "%s needs a string or a tuple of strings, but is given %s"
                .formatted(function, Types.object(one)));
      }
      budget.step();
      budget.characters(part.length());
      String shown = window.text();
      if (window.exists() && (prefix ? shown.startsWith(part) : shown.endsWith(part))) {
        return true;
      }
    }
    return false;
  }

  static Object removePrefix(String text, Arguments arguments, Budget budget) {
    String prefix = arguments.bind("removeprefix", 1, "prefix").text("prefix");
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  static Object removeSuffix(String text, Arguments arguments, Budget budget) {
    String suffix = arguments.bind("removesuffix", 1, "suffix").text("suffix");
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  /** The part of a text that {@code start} and {@code end} leave. */
  private record Window(String text, int offset, boolean exists) {
    static Window of(String whole, Arguments.Bound bound, Budget budget) {
      if (!bound.has("start") && !bound.has("end")) {
        return new Window(whole, 0, true);
      }
      int length = Chars.length(whole);
      long start = clamped(bound.has("start") ? bound.integer("start", 0) : 0, length);
      long end =
          Math.min(length, clamped(bound.has("end") ? bound.integer("end", 0) : length, length));
      if (start > end) {
        return new Window("", 0, false);
      }
      budget.characters(whole.length());
      int from = Chars.offset(whole, (int) start);
      return new Window(whole.substring(from, Chars.offset(whole, (int) end)), (int) start, true);
    }

    private static long clamped(long bound, int length) {
      return Math.max(0, bound < 0 ? bound + length : bound);
    }
  }

  static Object find(String text, Arguments arguments, Budget budget) {
    return position("find", text, arguments, budget);
  }

  /** The last occurrence. */
  static Object rfind(String text, Arguments arguments, Budget budget) {
    return position("rfind", text, arguments, budget);
  }

  /** Like find, but fails where that returns -1. */
  static Object index(String text, Arguments arguments, Budget budget) {
    return found("index", text, arguments, budget);
  }

  static Object rindex(String text, Arguments arguments, Budget budget) {
    return found("rindex", text, arguments, budget);
  }

  private static long position(String function, String text, Arguments arguments, Budget budget) {
    boolean last = function.startsWith("r");
    Arguments.Bound bound = arguments.bind(function, 1, "sub", "start", "end");
    String part = bound.text("sub");
    Window window = Window.of(text, bound, budget);
    if (!window.exists()) {
      return -1;
    }
    budget.search(window.text(), part);
    int at = last ? window.text().lastIndexOf(part) : window.text().indexOf(part);
    return at < 0 ? -1 : window.offset() + (long) window.text().codePointCount(0, at);
  }

  private static long found(String function, String text, Arguments arguments, Budget budget) {
    long at = position(function, text, arguments, budget);
    if (at < 0) {
      throw new TemplateException("%s: the text is not found".formatted(function));
    }
    return at;
  }

  static Object count(String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("count", 1, "sub", "start", "end");
    String part = bound.text("sub");
    Window window = Window.of(text, bound, budget);
    if (!window.exists()) {
      return 0L;
    }
    if (part.isEmpty()) {
      return Chars.length(window.text()) + 1L;
    }
    budget.search(window.text(), part);
    long count = 0;
    int at = window.text().indexOf(part);
    while (at >= 0) {
      count++;
      at = window.text().indexOf(part, at + part.length());
    }
    return count;
  }

  static Object replace(String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("replace", 2, "old", "new", "count");
    return replace(text, bound.text("old"), bound.text("new"), bound.integer("count", -1), budget);
  }

  /** Replaces the first {@code count} occurrences, all if it is negative. */
  static String replace(String text, String old, String replacement, long count, Budget budget) {
    budget.search(text, old);
    TextBuilder out = new TextBuilder(budget);
    int at = 0;
    int search = 0;
    for (long left = count < 0 ? Long.MAX_VALUE : count; left > 0; left--) {
      budget.characters(4); // a turn costs something even if it writes nothing
      int found = search > text.length() ? -1 : text.indexOf(old, search);
      if (found < 0) {
        break;
      }
      out.append(text, at, found).append(replacement);
      at = found + old.length();
      // an empty text stands before every code point and at the end
      search = old.isEmpty() ? nextCodePoint(text, at) : at;
    }
    return out.append(text, at, text.length()).finish();
  }

  private static int nextCodePoint(String text, int at) {
    return at >= text.length() ? at + 1 : at + Character.charCount(text.codePointAt(at));
  }
}
