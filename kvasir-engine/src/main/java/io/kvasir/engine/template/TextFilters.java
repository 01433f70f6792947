package io.kvasir.engine.template;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters that take any value as text. */
final class TextFilters {
  private static final Pattern WORD = Pattern.compile("\\w++", Pattern.UNICODE_CHARACTER_CLASS);

  private TextFilters() {}

  static Object string(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("string", 0);
    return text(value, evaluator);
  }

  private static String text(Object value, Evaluator evaluator) {
    String text = PythonText.str(value, evaluator.budget());
    evaluator.budget().characters(text.length());
    return text;
  }

  private static String needed(String filter, Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new TemplateException(
        "%s needs a text, but is given %s".formatted(filter, Types.object(value)));
  }

  static Object trim(Object value, Arguments arguments, Evaluator evaluator) {
    return StringMethods.strip(text(value, evaluator), arguments, evaluator.budget(), true, true);
  }

  static Object upper(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("upper", 0);
    return text(value, evaluator).toUpperCase(Locale.ROOT);
  }

  static Object lower(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("lower", 0);
    return text(value, evaluator).toLowerCase(Locale.ROOT);
  }

  static Object title(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("title", 0);
    return CharCase.titleWords(text(value, evaluator));
  }

  static Object capitalize(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("capitalize", 0);
    return CharCase.capitalize(text(value, evaluator));
  }

  static Object replace(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("replace", 2, "old", "new", "count");
    Budget budget = evaluator.budget();
    return StringSearch.replace(
        text(value, evaluator),
        PythonText.str(bound.value("old"), budget),
        PythonText.str(bound.value("new"), budget),
        bound.has("count") ? bound.integer("count", -1) : -1,
        budget);
  }

  static Object indent(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("indent", 0, "width", "first", "blank");
    String text = needed("indent", value);
    Budget budget = evaluator.budget();
    String indent =
        bound.value("width", 4L) instanceof String width
            ? width
            : new TextBuilder(budget).repeat(" ", bound.integer("width", 4)).finish();
    List<Object> lines = StringParts.lines(text + "\n", false, budget);
    TextBuilder out = new TextBuilder(budget);
    for (int i = 0; i < lines.size(); i++) {
      String line = (String) lines.get(i);
      out.append(i == 0 ? "" : "\n");
      boolean indented = i == 0 ? bound.flag("first") : bound.flag("blank") || !line.isEmpty();
      out.append(indented ? indent : "").append(line);
    }
    return out.finish();
  }

  static Object center(Object value, Arguments arguments, Evaluator evaluator) {
    long width = arguments.bind("center", 0, "width").integer("width", 80);
    return StringPadding.center(text(value, evaluator), width, " ", evaluator.budget());
  }

  static Object truncate(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("truncate", 0, "length", "killwords", "end", "leeway");
    String end = bound.text("end", "...");
    long length = bound.integer("length", 255);
    long leeway = bound.has("leeway") ? bound.integer("leeway", 5) : 5;
    long kept = length - Chars.length(end);
    if (kept < 0 || leeway < 0) {
      throw new TemplateException(
          "truncate: length=%d and leeway=%d are too small".formatted(length, leeway));
    }
    if (Types.length(value, evaluator.budget()) - leeway <= length) {
      return value;
    }
    String text = needed("truncate", value);
    String cut = text.substring(0, Chars.offset(text, (int) kept));
    int space = bound.flag("killwords") ? -1 : cut.lastIndexOf(' ');
    return (space < 0 ? cut : cut.substring(0, space)) + end;
  }

  static Object wordCount(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("wordcount", 0);
    Matcher word = WORD.matcher(text(value, evaluator));
    long count = 0;
    while (word.find()) {
      evaluator.budget().step();
      count++;
    }
    return count;
  }

  static Object format(Object value, Arguments arguments, Evaluator evaluator) {
    if (!arguments.positional().isEmpty() && !arguments.named().isEmpty()) {
      throw new TemplateException("format takes arguments with or without names, not both");
    }
    Dict named = new Dict();
    arguments.named().forEach((name, argument) -> named.put(name, argument, evaluator.budget()));
    return PercentFormat.format(
        text(value, evaluator),
        arguments.named().isEmpty() ? new Tuple(arguments.positional()) : named,
        evaluator.budget());
  }

  static Object escape(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("escape", 0);
    TextBuilder out = new TextBuilder(evaluator.budget());
    String text = text(value, evaluator);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&#34;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.finish();
  }
}
