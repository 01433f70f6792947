package io.kvasir.engine.template;

/** Python's {@code format % values}. */
final class PercentFormat {
  private static final int MAX_DIGITS = 9;

  /** Steps that laying out a value is worth. */
  private static final int CONVERSION_COST = 5;

  private final String format;
  private final Object values;
  private final Budget budget;
  private int at;
  private int used;

  private PercentFormat(String format, Object values, Budget budget) {
    this.format = format;
    this.values = values;
    this.budget = budget;
  }

  static String format(String format, Object values, Budget budget) {
    return new PercentFormat(format, values, budget).run();
  }

  private String run() {
    TextBuilder out = new TextBuilder(budget);
    while (at < format.length()) {
      int percent = format.indexOf('%', at);
      if (percent < 0) {
        out.append(format, at, format.length());
        break;
      }
      out.append(format, at, percent);
      at = percent + 1;
      budget.elements(CONVERSION_COST);
      out.append(conversion());
    }
    boolean mapping = Types.isSequence(values) && !(values instanceof String); // to Python
    int given = values instanceof Tuple tuple ? tuple.items().size() : mapping ? used : 1;
    if (used < given) {
      throw new TemplateException("%: the format has fewer conversions than there are values");
    }
    return out.finish();
  }

  private String conversion() {
    Object keyed = None.NONE;
    boolean byKey = at < format.length() && format.charAt(at) == '(';
    if (byKey) {
      keyed = keyed();
    }
    String flags = flags();
    long width = number();
    boolean left = flags.indexOf('-') >= 0 || width < 0;
    int precision = -1;
    if (at < format.length() && format.charAt(at) == '.') {
      at++;
      precision = (int) Math.max(0, number());
    }
    while (at < format.length() && "hlL".indexOf(format.charAt(at)) >= 0) {
      at++;
    }
    char type = next();
    if (type == '%') {
      return "%";
    }
    Object value = byKey ? keyed : nextValue();
    boolean numeric = "crsa".indexOf(type) < 0;
    boolean zeros = numeric && !left && flags.indexOf('0') >= 0;
    char sign = flags.indexOf('+') >= 0 ? '+' : flags.indexOf(' ') >= 0 ? ' ' : '-';
    FormatSpec spec =
        new FormatSpec(
            zeros ? '0' : ' ',
            left ? '<' : zeros ? '=' : '>',
            sign,
            flags.indexOf('#') >= 0,
            Math.abs(width),
            (char) 0,
            precision,
            type);
    return converted(spec, value);
  }

  private String converted(FormatSpec spec, Object value) {
    return switch (spec.type()) {
      case 's' -> spec.text(PythonText.str(value, budget), budget);
      case 'r', 'a' -> spec.text(PythonText.repr(value, budget), budget);
      case 'c' -> spec.text(character(value), budget);
      case 'd', 'i', 'u' -> spec.integer(truncated(value), budget);
      case 'o', 'x', 'X' -> {
        if (!Integers.isInteger(value)) {
          throw wrong(spec.type(), "an integer", value);
        }
        yield spec.integer(value, budget);
      }
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        if (!Arithmetic.isNumber(value)) {
          throw wrong(spec.type(), "a number", value);
        }
        yield spec.real(Integers.toDouble(value), budget);
      }
      default ->
          throw new TemplateException(
              "%%: the conversion \"%s\" is unknown".formatted(spec.type()));
    };
  }

  private static Object truncated(Object value) {
    if (value instanceof Double number) {
      return NumberFilters.truncate(number);
    }
    if (!Integers.isInteger(value)) {
      throw wrong('d', "a number", value);
    }
    return value;
  }

  private static String character(Object value) {
    if (value instanceof String text && Chars.length(text) == 1) {
      return text;
    }
    if (value instanceof Long code
        && Character.isValidCodePoint(Math.clamp(code, -1, Integer.MAX_VALUE))) {
      return Character.toString(code.intValue());
    }
    throw wrong('c', "one character or its code", value);
  }

  private static TemplateException wrong(char type, String expected, Object value) {
    return new TemplateException(
        "%%%s needs %s, but is given %s".formatted(type, expected, Types.object(value)));
  }

  private Object keyed() {
    int close = format.indexOf(')', at);
    if (close < 0) {
      throw new TemplateException("%: a key in the format never ends");
    }
    String key = format.substring(at + 1, close);
    at = close + 1;
    if (!(values instanceof Dict dict)) {
      throw new TemplateException("%%(%s) needs a mapping".formatted(key));
    }
    return dict.get(key, budget)
        .orElseThrow(() -> new TemplateException("%%: there is no key \"%s\"".formatted(key)));
  }

  private Object nextValue() {
    int index = used++;
    if (values instanceof Tuple tuple) {
      if (index < tuple.items().size()) {
        return tuple.items().get(index);
      }
    } else if (index == 0) {
      return values;
    }
    throw new TemplateException("%: the format has more conversions than there are values");
  }

  private String flags() {
    int start = at;
    while (at < format.length() && "#0- +".indexOf(format.charAt(at)) >= 0) {
      at++;
    }
    return format.substring(start, at);
  }

  /** Digits, or a star for the next value; 0 if there is neither. */
  private long number() {
    if (at < format.length() && format.charAt(at) == '*') {
      at++;
      if (nextValue() instanceof Long number) {
        return number;
      }
      throw new TemplateException("%: * needs an integer");
    }
    int start = at;
    while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
      at++;
    }
    if (at - start > MAX_DIGITS) {
      throw new TemplateException("%: a width or precision is too large");
    }
    return start == at ? 0 : Long.parseLong(format, start, at, 10);
  }

  private char next() {
    if (at >= format.length()) {
      throw new TemplateException("%: the format ends within a conversion");
    }
    return format.charAt(at++);
  }
}
