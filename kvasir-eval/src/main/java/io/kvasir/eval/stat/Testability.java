package io.kvasir.eval.stat;

import java.util.Locale;
import java.util.Optional;

/**
 * Whether a lookup cell (model, task, ctx, protocol) can show what a plan loses: f16 must answer
 * clearly better than the question alone does, or there is nothing to lose.
 *
 * @param worth mean of f16 minus mean of the question alone
 * @param interval of that difference, 95 %
 */
public record Testability(double worth, Optional<Interval> interval) {
  /** What f16 must gain by reading the context. */
  public static final double LEAST = 0.3;

  /**
   * @param f16 scores in [0, 1], one per context
   * @param none of the same contexts in the same order, without reading them
   */
  public static Testability of(double[] f16, double[] none, long seed) {
    double[] worth = Means.difference(f16, none);
    return new Testability(
        worth.length == 0 ? 0 : Means.of(worth),
        Bootstrap.interval(Estimator.mean(worth), worth.length, seed));
  }

  public boolean testable() {
    return reason().isEmpty();
  }

  /** Why the cell is not testable, as the end of a sentence; nothing when it is. */
  public Optional<String> reason() {
    if (worth < LEAST) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "f16 scores %.2f above the question alone; expected at least %.1f",
              worth,
              LEAST));
    }
    if (interval.isEmpty()) {
      return Optional.of(
          "too few contexts for an interval; expected at least " + Bootstrap.FEWEST_CONTEXTS);
    }
    Interval found = interval.orElseThrow();
    return found.contains(0)
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "the interval [%.2f, %.2f] of f16 above the question alone contains 0",
                found.lo(),
                found.hi()))
        : Optional.empty();
  }
}
