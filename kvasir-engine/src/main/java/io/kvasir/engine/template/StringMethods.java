package io.kvasir.engine.template;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The methods of Python's strings. Positions count code points. */
final class StringMethods {
  static final Map<String, Methods.Method<String>> ALL =
      Map.ofEntries(
          entry("strip", (text, arguments, budget) -> strip(text, arguments, budget, true, true)),
          entry("lstrip", (text, arguments, budget) -> strip(text, arguments, budget, true, false)),
          entry("rstrip", (text, arguments, budget) -> strip(text, arguments, budget, false, true)),
          entry("split", StringParts::split),
          entry("rsplit", StringParts::rsplit),
          entry("splitlines", StringParts::splitlines),
          entry("partition", StringParts::partition),
          entry("rpartition", StringParts::rpartition),
          entry("startswith", StringSearch::startsWith),
          entry("endswith", StringSearch::endsWith),
          entry("removeprefix", StringSearch::removePrefix),
          entry("removesuffix", StringSearch::removeSuffix),
          entry("find", StringSearch::find),
          entry("rfind", StringSearch::rfind),
          entry("index", StringSearch::index),
          entry("rindex", StringSearch::rindex),
          entry("count", StringSearch::count),
          entry("replace", StringSearch::replace),
          entry("center", StringPadding::center),
          entry("ljust", StringPadding::ljust),
          entry("rjust", StringPadding::rjust),
          entry("zfill", StringPadding::zfill),
          entry("expandtabs", StringPadding::expandTabs),
          entry("join", StringMethods::join),
          entry("format", BraceFormat::format),
          plain("upper", text -> text.toUpperCase(Locale.ROOT)),
          plain("lower", text -> text.toLowerCase(Locale.ROOT)),
          plain("casefold", CharCase::fold),
          plain("title", CharCase::title),
          plain("capitalize", CharCase::capitalize),
          plain("swapcase", CharCase::swap),
          plain("isspace", text -> CharCase.all(text, Chars::isSpace)),
          plain("isalpha", text -> CharCase.all(text, Character::isLetter)),
          plain("isdecimal", text -> CharCase.all(text, Character::isDigit)),
          plain("isdigit", text -> CharCase.all(text, CharCase::isDigit)),
          plain("isnumeric", text -> CharCase.all(text, CharCase::isNumeric)),
          plain("isalnum", text -> CharCase.all(text, CharCase::isAlphanumeric)),
          plain("isprintable", text -> text.codePoints().allMatch(Chars::isPrintable)),
          plain("isascii", text -> text.codePoints().allMatch(c -> c < 128)),
          plain("isupper", CharCase::isUpper),
          plain("islower", CharCase::isLower),
          plain("istitle", CharCase::isTitle));

  private StringMethods() {}

  /** A method without arguments. */
  private static Map.Entry<String, Methods.Method<String>> plain(
      String name, Function<String, Object> method) {
    return entry(name, Methods.plain(name, method));
  }

  static Object strip(
      String text, Arguments arguments, Budget budget, boolean left, boolean right) {
    Arguments.Bound bound = arguments.bind("strip", 0, "chars");
    if (!bound.has("chars")) {
      return Chars.strip(text, left, right);
    }
    String set = bound.text("chars");
    budget.elements(set.length());
    return Chars.strip(text, set, left, right);
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
}
