package io.kvasir.eval.stat;

import java.util.List;
import java.util.Optional;

/**
 * Compares plans that were measured at different sizes at one size: linear in log2(bytes) between
 * the two measured neighbours, never beyond the smallest or the largest.
 *
 * @param below index of the neighbour with fewer bytes
 * @param above index of the neighbour with more; equal to {@code below} where the size was measured
 * @param share of the way from below to above, in [0, 1)
 */
public record EqualBytes(int below, int above, double share) {
  /** The sizes at which plans are compared, as shares of f16's bytes. */
  public static final List<Double> SHARES = List.of(0.5, 0.25, 0.125, 0.0625);

  /**
   * The neighbours of a size.
   *
   * @param bytes measured sizes of one family of plans, more than 0, in any order, all different
   * @param target bytes, more than 0
   * @return nothing when the target lies outside what was measured
   */
  public static Optional<EqualBytes> at(double[] bytes, double target) {
    int below = -1;
    int above = -1;
    for (int i = 0; i < bytes.length; i++) {
      requireDistinct(bytes, i);
      if (bytes[i] <= target && (below < 0 || bytes[i] > bytes[below])) {
        below = i;
      }
      if (bytes[i] >= target && (above < 0 || bytes[i] < bytes[above])) {
        above = i;
      }
    }
    if (below < 0 || above < 0) {
      return Optional.empty();
    }
    double share =
        below == above
            ? 0
            : Math.log(target / bytes[below]) / Math.log(bytes[above] / bytes[below]);
    return Optional.of(new EqualBytes(below, above, share));
  }

  /** The value at the target: of a metric, or of one context, so that intervals can be had. */
  public double between(double valueBelow, double valueAbove) {
    return valueBelow + share * (valueAbove - valueBelow);
  }

  private static void requireDistinct(double[] bytes, int at) {
    if (!(bytes[at] > 0)) {
      throw new IllegalArgumentException("%s bytes; expected more than 0".formatted(bytes[at]));
    }
    for (int i = 0; i < at; i++) {
      if (bytes[i] == bytes[at]) {
        throw new IllegalArgumentException(
            "two plans of a family have %s bytes; expected one at each size".formatted(bytes[at]));
      }
    }
  }
}
