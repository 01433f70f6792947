package io.kvasir.eval.stat;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One plan against f16 on the same contexts, in one metric.
 *
 * @param contexts n, at least 1
 * @param value the plan's mean over contexts
 * @param f16 its mean
 * @param difference {@code value - f16}
 * @param interval of the difference, 95 %; nothing below {@value Bootstrap#FEWEST_CONTEXTS}
 * @param p of a difference this large if there were none ({@link SignFlip}), before {@link Holm}
 * @param detectable the smallest difference that so many contexts show ({@link Power}); nothing
 *     with a single one
 */
public record Comparison(
    int contexts,
    double value,
    double f16,
    double difference,
    Optional<Interval> interval,
    double p,
    OptionalDouble detectable) {

  /**
   * @param plan one value per context, at least one
   * @param f16 of the same contexts in the same order
   * @throws IllegalArgumentException when there are no contexts, or not the same number of them
   */
  public static Comparison of(double[] plan, double[] f16, long seed) {
    double[] differences = Means.difference(plan, f16);
    if (differences.length == 0) {
      throw new IllegalArgumentException("no contexts to compare");
    }
    return new Comparison(
        differences.length,
        Means.of(plan),
        Means.of(f16),
        Means.of(differences),
        Bootstrap.interval(Estimator.mean(differences), differences.length, seed),
        SignFlip.p(differences, seed),
        differences.length < 2
            ? OptionalDouble.empty()
            : OptionalDouble.of(Power.smallestDetectable(differences)));
  }
}
