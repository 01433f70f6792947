package io.kvasir.eval.kld;

import java.util.Arrays;

/**
 * How numbers of tokens are distributed: linear between neighbours, {@code fraction * (n - 1)}
 * being the place of a fraction, as in llama.cpp.
 *
 * @param p999 99.9 % are at most this; the others likewise
 */
public record Quantiles(
    double max,
    double p999,
    double p99,
    double p95,
    double p90,
    double p75,
    double median,
    double p25,
    double p10,
    double p5,
    double p1,
    double p01,
    double min) {

  /**
   * @param values at least one; sorted by this
   */
  static Quantiles of(double[] values) {
    Arrays.sort(values);
    return new Quantiles(
        values[values.length - 1],
        at(values, 0.999),
        at(values, 0.99),
        at(values, 0.95),
        at(values, 0.9),
        at(values, 0.75),
        at(values, 0.5),
        at(values, 0.25),
        at(values, 0.1),
        at(values, 0.05),
        at(values, 0.01),
        at(values, 0.001),
        values[0]);
  }

  private static double at(double[] sorted, double fraction) {
    double place = fraction * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
