package io.kvasir.engine.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Filters that make numbers or change them. */
final class NumberFilters {
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[+-]?(?:\\d+(?:_\\d+)*+(?:\\.(?:\\d+(?:_\\d+)*+)?)?|\\.\\d+(?:_\\d+)*+)"
              + "(?:[eE][+-]?\\d+(?:_\\d+)*+)?");
  private static final Pattern DIGITS = Pattern.compile("[0-9a-zA-Z]++(?:_[0-9a-zA-Z]++)*+");

  /** Rounding to more decimals than a double can have changes nothing. */
  private static final int MAX_DECIMALS = 400;

  /** Steps that exact decimal arithmetic is worth. */
  static final int COST = 50;

  private NumberFilters() {}

  static Object integer(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("int", 0, "default", "base");
    Object otherwise = bound.value("default", 0L);
    return switch (value) {
      case Undefined undefined -> throw undefined.failure();
      case String text -> {
        evaluator.budget().characters(16L * text.length());
        Optional<Object> number = parseInteger(text, bound.integer("base", 10));
        yield number
            .or(() -> parseDouble(text).filter(Double::isFinite).map(NumberFilters::truncate))
            .orElse(otherwise);
      }
      case Double number -> Double.isFinite(number) ? truncate(number) : otherwise;
      default -> Integers.isInteger(value) ? Integers.of(Integers.big(value)) : otherwise;
    };
  }

  /** Towards zero. */
  static Object truncate(double value) {
    if (!Double.isFinite(value)) {
      throw new TemplateException("a float that is not finite has no integer part");
    }
    return Integers.of(new BigDecimal(value).toBigInteger());
  }

  private static Optional<Object> parseInteger(String text, long base) {
    if (base != 0 && (base < 2 || base > 36)) {
      throw new TemplateException("int: base=%d must be 0 or from 2 to 36".formatted(base));
    }
    String digits = Chars.strip(text, true, true);
    boolean negative = digits.startsWith("-");
    digits = digits.startsWith("-") || digits.startsWith("+") ? digits.substring(1) : digits;
    int radix = (int) base;
    String prefix = digits.substring(0, Math.min(2, digits.length())).toLowerCase(Locale.ROOT);
    int named = prefix.equals("0x") ? 16 : prefix.equals("0o") ? 8 : prefix.equals("0b") ? 2 : 0;
    if (named != 0 && (base == 0 || base == named)) {
      radix = named;
      digits = digits.substring(2);
    } else if (base == 0) {
      radix = 10;
    }
    if (!DIGITS.matcher(digits).matches()) {
      return Optional.empty();
    }
    String plain = digits.replace("_", "");
    for (int i = 0; i < plain.length(); i++) {
      if (Character.digit(plain.charAt(i), radix) < 0) {
        return Optional.empty();
      }
    }
    return Optional.of(Integers.parse(negative ? "-" + plain : plain, radix));
  }

  static Object real(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("float", 0, "default");
    Object otherwise = bound.value("default", 0.0);
    return switch (value) {
      case Undefined undefined -> throw undefined.failure();
      case Double number -> number;
      case String text -> {
        evaluator.budget().characters(16L * text.length());
        yield parseDouble(text).map(Object.class::cast).orElse(otherwise);
      }
      default -> Integers.isInteger(value) ? (Object) Integers.toDouble(value) : otherwise;
    };
  }

  private static Optional<Double> parseDouble(String text) {
    String number = Chars.strip(text, true, true);
    if (DECIMAL.matcher(number).matches()) {
      return Optional.of(Double.valueOf(number.replace("_", "")));
    }
    return switch (number.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Optional.of(Double.POSITIVE_INFINITY);
      case "-inf", "-infinity" -> Optional.of(Double.NEGATIVE_INFINITY);
      case "nan", "+nan", "-nan" -> Optional.of(Double.NaN);
      default -> Optional.empty();
    };
  }

  static Object abs(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("abs", 0);
    if (value instanceof Double number) {
      return Math.abs(number);
    }
    return Integers.of(Integers.big(value).abs());
  }

  static Object round(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("round", 0, "precision", "method");
    if (!Arithmetic.isNumber(value)) {
      throw new TemplateException("round needs a number, but is given " + Types.object(value));
    }
    evaluator.budget().elements(COST);
    int decimals = Math.clamp(bound.integer("precision", 0), -MAX_DECIMALS, MAX_DECIMALS);
    String method = bound.text("method", "common");
    return switch (method) {
      case "common" -> common(value, decimals);
      case "ceil" -> scaled(value, decimals, RoundingMode.CEILING);
      case "floor" -> scaled(value, decimals, RoundingMode.FLOOR);
      default ->
          throw new TemplateException(
              "round: method=\"%s\" must be common, ceil or floor".formatted(method));
    };
  }

  private static Object common(Object value, int decimals) {
    if (value instanceof Double number) {
      if (!Double.isFinite(number)) {
        return number;
      }
      if (number == 0 || decimals > 20 - Math.log10(Math.abs(number))) {
        return number; // has no digits there
      }
      double rounded =
          new BigDecimal(number).setScale(decimals, RoundingMode.HALF_EVEN).doubleValue();
      return Math.copySign(rounded, number);
    }
    BigInteger number = Integers.big(value);
    return Integers.of(
        decimals >= 0
            ? number
            : new BigDecimal(number).setScale(decimals, RoundingMode.HALF_EVEN).toBigInteger());
  }

  /** As Jinja does it: multiply, round, divide, each in floating point. */
  private static double scaled(Object value, int decimals, RoundingMode mode) {
    double factor = Math.pow(10, decimals);
    double product = Integers.toDouble(value) * factor;
    return (mode == RoundingMode.CEILING ? Math.ceil(product) : Math.floor(product)) / factor;
  }
}
