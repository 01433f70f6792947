package io.kvasir.engine.template;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code str.format}, with attributes and items looked up as the sandbox allows. */
final class BraceFormat {
  private static final Pattern PATH = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)\\]");
  private static final Pattern SPEC =
      Pattern.compile(
          "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([a-zA-Z%])?",
          Pattern.DOTALL);

  /** Steps that laying out a field is worth. */
  private static final int FIELD_COST = 20;

  private final String format;
  private final Arguments arguments;
  private final Budget budget;
  private int at;
  private int automatic;

  private BraceFormat(String format, Arguments arguments, Budget budget) {
    this.format = format;
    this.arguments = arguments;
    this.budget = budget;
  }

  static String format(String format, Arguments arguments, Budget budget) {
    return new BraceFormat(format, arguments, budget).run();
  }

  private String run() {
    TextBuilder out = new TextBuilder(budget);
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c != '{' && c != '}') {
        out.append(c);
      } else if (at < format.length() && format.charAt(at) == c) {
        out.append(c);
        at++;
      } else if (c == '{') {
        budget.elements(FIELD_COST);
        out.append(field());
      } else {
        throw new TemplateException("format: a single \"}\" stands in the format");
      }
    }
    return out.finish();
  }

  private String field() {
    int close = format.indexOf('}', at);
    if (close < 0) {
      throw new TemplateException("format: a field in the format never ends");
    }
    String field = format.substring(at, close);
    if (field.indexOf('{') >= 0) {
      throw new TemplateException("format: a field inside a field is not supported");
    }
    at = close + 1;
    int colon = field.indexOf(':');
    String name = colon < 0 ? field : field.substring(0, colon);
    String spec = colon < 0 ? "" : field.substring(colon + 1);
    int bang = name.indexOf('!');
    Object value = value(bang < 0 ? name : name.substring(0, bang));
    if (bang >= 0) {
      value =
          switch (name.substring(bang + 1)) {
            case "s" -> PythonText.str(value, budget);
            case "r", "a" -> PythonText.repr(value, budget);
            default ->
                throw new TemplateException(
                    "format: the conversion in \"%s\" is unknown".formatted(name));
          };
    }
    return spec.isEmpty() ? PythonText.str(value, budget) : laidOut(value, spec);
  }

  private Object value(String path) {
    Matcher part = PATH.matcher(path);
    int end = part.find() ? part.start() : path.length();
    Object value = argument(path.substring(0, end));
    while (end < path.length()) {
      if (!part.find(end) || part.start() != end) {
        throw new TemplateException("format: the field \"%s\" is malformed".formatted(path));
      }
      String key = part.group(2) == null ? part.group(1) : part.group(2);
      boolean item = part.group(2) != null;
      value =
          item
              ? Access.item(value, Access.pathPart(key), budget)
              : Access.attribute(value, key, budget);
      end = part.end();
    }
    return value;
  }

  private Object argument(String name) {
    Object key = name.isEmpty() ? (Object) (long) automatic++ : Access.pathPart(name);
    if (key instanceof Long index) {
      if (index < arguments.positional().size()) {
        return arguments.positional().get(index.intValue());
      }
    } else if (arguments.named().containsKey(name)) {
      return arguments.named().getOrDefault(name, None.NONE);
    }
    throw new TemplateException("format: there is no argument \"%s\"".formatted(key));
  }

  private String laidOut(Object value, String written) {
    Matcher spec = SPEC.matcher(written);
    if (!spec.matches()) {
      throw new TemplateException("format: the layout \"%s\" is malformed".formatted(written));
    }
    boolean number = Arithmetic.isNumber(value);
    String type = or(spec.group(9), value instanceof Double ? "" : number ? "d" : "s");
    boolean zeros = spec.group(5) != null;
    String align = or(spec.group(2), zeros && number ? "=" : number ? ">" : "<");
    String fill = or(spec.group(1), zeros ? "0" : " ");
    FormatSpec layout =
        new FormatSpec(
            fill.codePointAt(0),
            align.charAt(0),
            or(spec.group(3), "-").charAt(0),
            spec.group(4) != null,
            Long.parseLong(or(spec.group(6), "0")),
            or(spec.group(7), "\0").charAt(0),
            Integer.parseInt(or(spec.group(8), "-1")),
            type.isEmpty() ? 'g' : type.charAt(0));
    if (type.isEmpty() && layout.precision() < 0) {
      return withoutPrecision(layout, FloatText.repr((Double) value));
    }
    return apply(layout, value, written);
  }

  /** A float without type and precision is laid out as its shortest text. */
  private String withoutPrecision(FormatSpec layout, String shortest) {
    boolean signed = layout.sign() != '-' && !shortest.startsWith("-");
    return layout.text(signed ? layout.sign() + shortest : shortest, budget);
  }

  private String apply(FormatSpec layout, Object value, String written) {
    char type = layout.type();
    if (type == 's' && value instanceof String text) {
      return layout.text(text, budget);
    }
    if ("doxXb".indexOf(type) >= 0 && Integers.isInteger(value) && layout.precision() < 0) {
      return layout.integer(value, budget);
    }
    if ("eEfFgG%".indexOf(type) >= 0 && Arithmetic.isNumber(value)) {
      return layout.real(Integers.toDouble(value), budget);
    }
    throw new TemplateException(
        "format: the layout \"%s\" does not suit %s".formatted(written, Types.object(value)));
  }

  private static String or(@Nullable String group, String otherwise) {
    return group == null ? otherwise : group;
  }
}
