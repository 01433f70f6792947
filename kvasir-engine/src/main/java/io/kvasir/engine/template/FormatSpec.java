package io.kvasir.engine.template;

import java.math.BigInteger;
import java.util.Locale;

/**
 * How one value is laid out by {@code %} or {@code str.format}.
 *
 * @param fill a code point
 * @param align one of {@code < > ^}, or {@code =} for padding between sign and digits
 * @param sign minus: only negative numbers have one; plus or space: others have that
 * @param alternate 0x and the like before digits, trailing zeros kept
 * @param grouping between groups of three digits, or 0
 * @param precision -1 for none
 * @param type s for text, one of {@code d o x X b} for integers or {@code e E f F g G %} for floats
 */
record FormatSpec(
    int fill,
    char align,
    char sign,
    boolean alternate,
    long width,
    char grouping,
    int precision,
    char type) {

  String text(String value, Budget budget) {
    String shown = value;
    if (precision >= 0 && Chars.length(value) > precision) {
      shown = value.substring(0, Chars.offset(value, precision));
    }
    return padded("", shown, budget);
  }

  String integer(Object value, Budget budget) {
    BigInteger number = Integers.big(value);
    int radix =
        switch (type) {
          case 'o' -> 8;
          case 'x', 'X' -> 16;
          case 'b' -> 2;
          default -> 10;
        };
    String digits = number.abs().toString(radix);
    TextBuilder zeros = new TextBuilder(budget).repeat("0", (long) precision - digits.length());
    String prefix = alternate && radix != 10 ? "0" + Character.toLowerCase(type) : "";
    String body = prefix + zeros.finish() + digits;
    return number(number.signum() < 0, grouped(type == 'X' ? upper(body) : body), budget);
  }

  String real(double value, Budget budget) {
    budget.elements(NumberFilters.COST);
    int digits = precision < 0 ? 6 : precision;
    String body =
        switch (type) {
          case 'e', 'E' -> FloatText.scientific(value, digits);
          case 'g', 'G' -> FloatText.general(value, digits, alternate);
          case '%' -> FloatText.fixed(value * 100, digits) + "%";
          default -> FloatText.fixed(value, digits);
        };
    boolean negative = body.startsWith("-");
    String shown = grouped(negative ? body.substring(1) : body);
    return number(negative, Character.isUpperCase(type) ? upper(shown) : shown, budget);
  }

  private static String upper(String ascii) {
    return ascii.toUpperCase(Locale.ROOT);
  }

  private String number(boolean negative, String body, Budget budget) {
    String signText = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    return padded(signText, body, budget);
  }

  private String grouped(String body) {
    if (grouping == 0) {
      return body;
    }
    int end = 0;
    while (end < body.length() && Character.isDigit(body.charAt(end))) {
      end++;
    }
    StringBuilder out = new StringBuilder(body);
    for (int i = end - 3; i > 0; i -= 3) {
      out.insert(i, grouping);
    }
    return out.toString();
  }

  private String padded(String signText, String body, Budget budget) {
    long missing = width - signText.length() - Chars.length(body);
    long left =
        switch (align) {
          case '<' -> 0;
          case '^' -> missing / 2;
          default -> missing;
        };
    String pad = Character.toString(fill);
    TextBuilder out = new TextBuilder(budget);
    if (align == '=') {
      return out.append(signText).repeat(pad, missing).append(body).finish();
    }
    out.repeat(pad, left).append(signText).append(body);
    return out.repeat(pad, missing - left).finish();
  }
}
