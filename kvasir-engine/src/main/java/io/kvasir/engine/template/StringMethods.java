package io.kvasir.engine.template;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The methods of Python's strings. Positions count code points. */
final class StringMethods {
  static final Map<String, Methods.Method<String>> ALL =
      Map.ofEntries(
          entry("strip", (text, arguments, budget) -> strip(text, arguments, true, true)),
          entry("lstrip", (text, arguments, budget) -> strip(text, arguments, true, false)),
          entry("rstrip", (text, arguments, budget) -> strip(text, arguments, false, true)),
          entry("split", StringParts::split),
          entry("rsplit", StringParts::rsplit),
          entry("splitlines", StringParts::splitlines),
          entry("partition", StringParts::partition),
          entry("rpartition", StringParts::rpartition),
          entry("startswith", (text, arguments, budget) -> affix(text, arguments, budget, true)),
          entry("endswith", (text, arguments, budget) -> affix(text, arguments, budget, false)),
          entry("removeprefix", StringMethods::removePrefix),
          entry("removesuffix", StringMethods::removeSuffix),
          entry("find", (text, arguments, budget) -> find("find", text, arguments, budget, false)),
          entry("rfind", (text, arguments, budget) -> find("rfind", text, arguments, budget, true)),
          entry(
              "index", (text, arguments, budget) -> index("index", text, arguments, budget, false)),
          entry(
              "rindex",
              (text, arguments, budget) -> index("rindex", text, arguments, budget, true)),
          entry("count", StringMethods::count),
          entry("replace", StringMethods::replace),
          entry("join", StringMethods::join),
          entry("format", BraceFormat::format),
          entry("upper", (text, arguments, budget) -> text.toUpperCase(Locale.ROOT)),
          entry("lower", (text, arguments, budget) -> text.toLowerCase(Locale.ROOT)),
          entry("casefold", (text, arguments, budget) -> CharCase.fold(text)),
          entry("title", (text, arguments, budget) -> CharCase.title(text)),
          entry("capitalize", (text, arguments, budget) -> CharCase.capitalize(text)),
          entry("swapcase", (text, arguments, budget) -> CharCase.swap(text)),
          entry("center", (text, arguments, budget) -> pad("center", text, arguments, budget)),
          entry("ljust", (text, arguments, budget) -> pad("ljust", text, arguments, budget)),
          entry("rjust", (text, arguments, budget) -> pad("rjust", text, arguments, budget)),
          entry("zfill", StringMethods::zfill),
          entry("expandtabs", StringMethods::expandTabs),
          entry("isspace", (text, arguments, budget) -> CharCase.all(text, Chars::isSpace)),
          entry("isalpha", (text, arguments, budget) -> CharCase.all(text, Character::isLetter)),
          entry("isdecimal", (text, arguments, budget) -> CharCase.all(text, Character::isDigit)),
          entry("isdigit", (text, arguments, budget) -> CharCase.all(text, CharCase::isDigit)),
          entry("isnumeric", (text, arguments, budget) -> CharCase.all(text, CharCase::isNumeric)),
          entry(
              "isalnum",
              (text, arguments, budget) ->
                  CharCase.all(text, c -> Character.isLetter(c) || CharCase.isNumeric(c))),
          entry(
              "isprintable",
              (text, arguments, budget) -> text.codePoints().allMatch(Chars::isPrintable)),
          entry("isascii", (text, arguments, budget) -> text.codePoints().allMatch(c -> c < 128)),
          entry("isupper", (text, arguments, budget) -> CharCase.isUpper(text)),
          entry("islower", (text, arguments, budget) -> CharCase.isLower(text)),
          entry("istitle", (text, arguments, budget) -> CharCase.isTitle(text)));

  private StringMethods() {}

  private static Object strip(String text, Arguments arguments, boolean left, boolean right) {
    Arguments.Bound bound = arguments.bind("strip", 0, "chars");
    return bound.has("chars")
        ? Chars.strip(text, bound.text("chars"), left, right)
        : Chars.strip(text, left, right);
  }

  private static Object affix(String text, Arguments arguments, Budget budget, boolean prefix) {
    String function = prefix ? "startswith" : "endswith";
    Arguments.Bound bound = arguments.bind(function, 1, "affix", "start", "end");
    Object affix = bound.value("affix");
    Window window = Window.of(text, bound, budget);
    for (Object one : affix instanceof Tuple several ? several.items() : List.of(affix)) {
      if (!(one instanceof String part)) {
        throw new TemplateException(
            "%s needs a string or a tuple of strings, but is given %s"
                .formatted(function, Types.object(one)));
      }
      String shown = window.text();
      if (window.exists() && (prefix ? shown.startsWith(part) : shown.endsWith(part))) {
        return true;
      }
    }
    return false;
  }

  private static Object removePrefix(String text, Arguments arguments, Budget budget) {
    String prefix = arguments.bind("removeprefix", 1, "prefix").text("prefix");
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static Object removeSuffix(String text, Arguments arguments, Budget budget) {
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

  private static long find(
      String function, String text, Arguments arguments, Budget budget, boolean last) {
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

  private static Object index(
      String function, String text, Arguments arguments, Budget budget, boolean last) {
    long at = find(function, text, arguments, budget, last);
    if (at < 0) {
      throw new TemplateException("%s: the text is not found".formatted(function));
    }
    return at;
  }

  private static Object count(String text, Arguments arguments, Budget budget) {
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

  private static Object replace(String text, Arguments arguments, Budget budget) {
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

  private static Object join(String separator, Arguments arguments, Budget budget) {
    TextBuilder out = new TextBuilder(budget);
    String before = "";
    for (Object item : Types.items(arguments.bind("join", 1, "items").value("items"), budget)) {
      if (!(item instanceof String part)) {
        throw new TemplateException(
            "join needs strings, but finds %s".formatted(Types.object(item)));
      }
      out.append(before).append(part);
      before = separator;
    }
    return out.finish();
  }

  private static String pad(String function, String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(function, 1, "width", "fillchar");
    String fill = bound.text("fillchar", " ");
    if (Chars.length(fill) != 1) {
      throw new TemplateException("%s: the fill must be one character".formatted(function));
    }
    long width = bound.integer("width", 0);
    long missing = width - Chars.length(text);
    if (function.equals("center")) {
      return center(text, width, fill, budget);
    }
    boolean left = function.equals("rjust");
    TextBuilder out = new TextBuilder(budget).repeat(fill, left ? missing : 0).append(text);
    return out.repeat(fill, left ? 0 : missing).finish();
  }

  /** Of an odd padding, the larger half stands left if the width is odd, as in Python. */
  static String center(String text, long width, String fill, Budget budget) {
    long missing = Math.max(0, width - Chars.length(text));
    long left = missing / 2 + (missing & width & 1);
    TextBuilder out = new TextBuilder(budget).repeat(fill, left).append(text);
    return out.repeat(fill, missing - left).finish();
  }

  private static Object zfill(String text, Arguments arguments, Budget budget) {
    long width = arguments.bind("zfill", 1, "width").integer("width", 0);
    int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    TextBuilder out = new TextBuilder(budget).append(text, 0, sign);
    return out.repeat("0", width - Chars.length(text)).append(text, sign, text.length()).finish();
  }

  private static Object expandTabs(String text, Arguments arguments, Budget budget) {
    long size = arguments.bind("expandtabs", 0, "tabsize").integer("tabsize", 8);
    TextBuilder out = new TextBuilder(budget);
    long column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        long spaces = size <= 0 ? 0 : size - column % size;
        out.repeat(" ", spaces);
        column += spaces;
      } else {
        out.append(c);
        column = c == '\n' || c == '\r' ? 0 : column + (Character.isLowSurrogate(c) ? 0 : 1);
      }
    }
    return out.finish();
  }
}
