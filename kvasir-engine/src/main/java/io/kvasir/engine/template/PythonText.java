package io.kvasir.engine.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Values as Python prints them: {@code str} on the outside, {@code repr} inside containers. */
final class PythonText {
  private PythonText() {}

  static String str(Object value, Budget budget) {
    if (value instanceof String text) {
      return text;
    }
    TextBuilder out = new TextBuilder(budget);
    str(value, out);
    return out.finish();
  }

  static void str(Object value, TextBuilder out) {
    switch (value) {
      case String text -> out.append(text);
      case Undefined undefined -> {}
      default -> repr(value, out);
    }
  }

  static String repr(Object value, Budget budget) {
    TextBuilder out = new TextBuilder(budget);
    repr(value, out);
    return out.finish();
  }

  private static void repr(Object value, TextBuilder out) {
    out.budget().step();
    switch (value) {
      case String text -> quoted(text, out);
      case Boolean truth -> out.append(truth ? "True" : "False");
      case None none -> out.append("None");
      case Double number -> out.append(FloatText.repr(number));
      case Long number -> out.append(Long.toString(number));
      case List<?> list -> list("[", list, "]", out);
      case Tuple tuple -> list("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", out);
      case Dict dict -> dict(dict.keys(), dict.values(), out);
      case View view -> view(view, out);
      case Undefined undefined -> out.append("Undefined");
      case Namespace namespace -> {
        out.append("<Namespace ");
        dict(
            new ArrayList<>(namespace.attributes().keySet()),
            new ArrayList<>(namespace.attributes().values()),
            out);
        out.append(">");
      }
      case BigInteger number -> out.append(number.toString());
      case Macro macro -> {
        out.append("<Macro ");
        quoted(macro.name(), out);
        out.append(">");
      }
      default -> out.append("<").append(Types.name(value)).append(">");
    }
  }

  private static void list(String open, List<?> items, String close, TextBuilder out) {
    out.budget().enter();
    out.append(open);
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      repr(items.get(i), out);
    }
    out.append(close);
    out.budget().leave();
  }

  private static void dict(List<Object> keys, List<Object> values, TextBuilder out) {
    out.budget().enter();
    out.append('{');
    Iterator<Object> value = values.iterator();
    String separator = "";
    for (Object key : keys) {
      out.append(separator);
      repr(key, out);
      out.append(": ");
      repr(value.next(), out);
      separator = ", ";
    }
    out.append('}');
    out.budget().leave();
  }

  private static void view(View view, TextBuilder out) {
    out.append(view.kind().typeName());
    if (view.isRange()) {
      range(view.items(), out);
    } else {
      list("([", view.items(), "])", out);
    }
  }

  private static void range(List<Object> items, TextBuilder out) {
    long start = items.isEmpty() ? 0 : (long) items.getFirst();
    long step = items.size() < 2 ? 1 : (long) items.get(1) - start;
    out.append(
        "(%d, %d%s)".formatted(start, start + step * items.size(), step == 1 ? "" : ", " + step));
  }

  /** In single quotes, unless the text holds some and no double ones. */
  private static void quoted(String text, TextBuilder out) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c == quote) {
            out.append('\\').append(quote);
          } else if (Chars.isPrintable(c)) {
            out.appendCodePoint(c);
          } else {
            escaped(c, out);
          }
        }
      }
    }
    out.append(quote);
  }

  private static void escaped(int c, TextBuilder out) {
    if (c < 0x100) {
      out.append("\\x").append(Chars.hex(c, 2));
    } else if (c < 0x10000) {
      out.append("\\u").append(Chars.hex(c, 4));
    } else {
      out.append("\\U").append(Chars.hex(c, 8));
    }
  }
}
