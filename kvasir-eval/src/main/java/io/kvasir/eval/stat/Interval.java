package io.kvasir.eval.stat;

/**
 * A confidence interval, both ends included.
 *
 * @param lo lower end, at most {@code hi}; finite
 * @param hi upper end; finite
 */
public record Interval(double lo, double hi) {
  public Interval {
    if (!(lo <= hi) || !Double.isFinite(lo) || !Double.isFinite(hi)) {
      throw new IllegalArgumentException("[%s, %s] is no interval".formatted(lo, hi));
    }
  }

  public boolean contains(double value) {
    return lo <= value && value <= hi;
  }
}
