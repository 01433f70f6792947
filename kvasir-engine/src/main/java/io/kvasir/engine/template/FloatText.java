package io.kvasir.engine.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Floats as text, in Python's four notations. Rounding is to the exact value, half to even. */
final class FloatText {
  /** Python allows more, but exact digits beyond these are all zeros for every double. */
  private static final int MAX_PRECISION = 1100;

  private FloatText() {}

  /** The shortest text that reads back as the same double. */
  static String repr(double value) {
    if (!Double.isFinite(value)) {
      return special(value);
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    BigDecimal oneDigit = shortest.round(new MathContext(1));
    if (oneDigit.doubleValue() == Math.abs(value)) { // Java prefers two digits: 4.9E-324
      shortest = oneDigit;
    }
    int exponent = exponent(shortest);
    String digits =
        exponent < -4 || exponent >= 16
            ? scientific(shortest)
            : withPoint(shortest.toPlainString());
    return value < 0 ? "-" + digits : digits;
  }

  private static String withPoint(String digits) {
    return digits.indexOf('.') < 0 ? digits + ".0" : digits;
  }

  /** {@code %f}. */
  static String fixed(double value, int precision) {
    checkPrecision(precision);
    if (!Double.isFinite(value)) {
      return special(value);
    }
    BigDecimal rounded = new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN);
    return signed(value, rounded.abs().toPlainString());
  }

  /** {@code %e}. */
  static String scientific(double value, int precision) {
    checkPrecision(precision);
    if (!Double.isFinite(value)) {
      return special(value);
    }
    BigDecimal rounded =
        new BigDecimal(value).abs().round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    int exponent = value == 0 ? 0 : exponent(rounded);
    String digits =
        rounded
            .movePointLeft(exponent)
            .setScale(precision, RoundingMode.UNNECESSARY)
            .toPlainString();
    return signed(value, digits + exponentText(exponent));
  }

  /** {@code %g}: fixed or scientific, whichever suits; no trailing zeros unless kept. */
  static String general(double value, int precision, boolean keepZeros) {
    checkPrecision(precision);
    if (!Double.isFinite(value)) {
      return special(value);
    }
    int digits = Math.max(precision, 1);
    BigDecimal rounded =
        new BigDecimal(value).abs().round(new MathContext(digits, RoundingMode.HALF_EVEN));
    int exponent = value == 0 ? 0 : exponent(rounded);
    boolean fixed = exponent >= -4 && exponent < digits;
    String text = fixed ? fixed(value, digits - 1 - exponent) : scientific(value, digits - 1);
    return keepZeros ? text : withoutZeros(text);
  }

  private static String withoutZeros(String text) {
    int exponent = text.indexOf('e');
    String mantissa = exponent < 0 ? text : text.substring(0, exponent);
    if (mantissa.indexOf('.') >= 0) {
      mantissa = mantissa.replaceAll("\\.?0*$", "");
    }
    return exponent < 0 ? mantissa : mantissa + text.substring(exponent);
  }

  private static String scientific(BigDecimal shortest) {
    String digits = shortest.unscaledValue().toString();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    return digits.charAt(0) + fraction + exponentText(exponent(shortest));
  }

  private static String exponentText(int exponent) {
    return String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /** Of the first digit. */
  private static int exponent(BigDecimal value) {
    return value.precision() - value.scale() - 1;
  }

  private static String signed(double value, String digits) {
    return value < 0 || (value == 0 && 1 / value < 0) ? "-" + digits : digits;
  }

  private static String special(double value) {
    return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }

  private static void checkPrecision(int precision) {
    if (precision > MAX_PRECISION) {
      throw new TemplateException(
          "a number is asked for %d decimals, at most %d are given"
              .formatted(precision, MAX_PRECISION));
    }
  }
}
