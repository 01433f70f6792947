package io.kvasir.engine.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The filter tojson: Python's {@code json.dumps} with {@code ensure_ascii=False} by default. */
final class Json {
  private final TextBuilder out;
  private final Style style;

  /**
   * @param indent what one level is indented by; empty: all on one line
   * @param itemSeparator between elements
   * @param keySeparator between key and value
   */
  record Style(
      boolean ensureAscii,
      Optional<String> indent,
      String itemSeparator,
      String keySeparator,
      boolean sortKeys) {}

  private Json(TextBuilder out, Style style) {
    this.out = out;
    this.style = style;
  }

  static Object filter(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound =
        arguments.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
    Budget budget = evaluator.budget();
    Optional<String> indent = indent(bound, budget);
    String itemSeparator = indent.isPresent() ? "," : ", ";
    String keySeparator = ": ";
    if (bound.has("separators")) {
      List<Object> separators = Types.items(bound.value("separators"), budget);
      if (separators.size() != 2
          || !(separators.get(0) instanceof String item)
          || !(separators.get(1) instanceof String key)) {
        throw new TemplateException("tojson: separators must be two strings, as in (\",\", \":\")");
      }
      itemSeparator = item;
      keySeparator = key;
    }
    Style style =
        new Style(
            bound.flag("ensure_ascii"),
            indent,
            itemSeparator,
            keySeparator,
            bound.flag("sort_keys"));
    TextBuilder out = new TextBuilder(budget);
    new Json(out, style).value(value, 0);
    return out.finish();
  }

  private static Optional<String> indent(Arguments.Bound bound, Budget budget) {
    if (!bound.has("indent")) {
      return Optional.empty();
    }
    if (bound.value("indent") instanceof String indent) {
      return Optional.of(indent);
    }
    return Optional.of(new TextBuilder(budget).repeat(" ", bound.integer("indent", 0)).finish());
  }

  private void value(Object value, int level) {
    out.budget().step();
    switch (value) {
      case String text -> string(text);
      case Boolean truth -> out.append(truth ? "true" : "false");
      case None none -> out.append("null");
      case Long number -> out.append(Long.toString(number));
      case BigInteger number -> out.append(number.toString());
      case Double number -> out.append(number(number));
      case List<?> list -> array(list, level);
      case Tuple tuple -> array(tuple.items(), level);
      case Dict dict -> object(dict, level);
      default ->
          throw new TemplateException(
              "%s cannot be written as JSON".formatted(Types.object(value)));
    }
  }

  private static String number(double value) {
    if (Double.isFinite(value)) {
      return FloatText.repr(value);
    }
    return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }

  private void array(List<?> items, int level) {
    if (items.isEmpty()) {
      out.append("[]");
      return;
    }
    out.budget().enter();
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      separate(i, level + 1);
      value(items.get(i), level + 1);
    }
    newLine(level);
    out.append(']');
    out.budget().leave();
  }

  private void object(Dict dict, int level) {
    if (dict.size() == 0) {
      out.append("{}");
      return;
    }
    out.budget().enter();
    out.append('{');
    int index = 0;
    for (Tuple entry : entries(dict)) {
      separate(index++, level + 1);
      string(key(entry.items().get(0)));
      out.append(style.keySeparator());
      value(entry.items().get(1), level + 1);
    }
    newLine(level);
    out.append('}');
    out.budget().leave();
  }

  private List<Tuple> entries(Dict dict) {
    List<Tuple> entries = new ArrayList<>();
    Iterator<Object> values = dict.values().iterator();
    dict.keys().forEach(key -> entries.add(Tuple.of(key, values.next())));
    if (style.sortKeys()) {
      entries.sort((a, b) -> Compare.compare(a.items().get(0), b.items().get(0), out.budget()));
    }
    return entries;
  }

  private static String key(Object key) {
    return switch (key) {
      case String text -> text;
      case Boolean truth -> truth ? "true" : "false";
      case None none -> "null";
      case Double number -> number(number);
      case Long number -> Long.toString(number);
      case BigInteger number -> number.toString();
      default ->
          throw new TemplateException("%s cannot be a key in JSON".formatted(Types.object(key)));
    };
  }

  private void separate(int index, int level) {
    if (index > 0) {
      out.append(style.itemSeparator());
    }
    newLine(level);
  }

  private void newLine(int level) {
    style.indent().ifPresent(indent -> out.append('\n').repeat(indent, level));
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ' || (style.ensureAscii() && c > '~')) {
            out.append("\\u").append(Chars.hex(c, 4));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
