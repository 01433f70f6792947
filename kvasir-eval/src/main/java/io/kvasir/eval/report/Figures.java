package io.kvasir.eval.report;

import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as the page shows them. */
final class Figures {
  private Figures() {}

  static String decimals(int digits, double value) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  static String decimals(int digits, OptionalDouble value) {
    return value.isPresent() ? decimals(digits, value.getAsDouble()) : "";
  }

  /** Three digits that count, as divergences of very different size need. */
  static String significant(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value);
  }

  static String grouped(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** A share as {@code 12.5 %}; {@code 50 %} without a fraction. */
  static String percent(double share) {
    String text = decimals(2, 100 * share).replaceAll("\\.?0+$", "");
    return text + " %";
  }

  /** {@code [0.12, 0.34]}, or nothing below eight contexts. */
  static String interval(OptionalDouble lo, OptionalDouble hi) {
    return lo.isPresent() && hi.isPresent()
        ? "[%s, %s]".formatted(decimals(3, lo.getAsDouble()), decimals(3, hi.getAsDouble()))
        : "";
  }
}
