package io.kvasir.eval.stat;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Retained quality: which part of what the context is worth a plan still has.
 *
 * <p>{@code R = (plan - none) / (f16 - none)}, each a mean over contexts: answers that the model
 * knows without the context ({@code none}: the question alone) count for nothing. It is a ratio of
 * means and not a mean of ratios, which would give contexts that f16 fails an infinite weight.
 *
 * @param value 1: as good as f16; 0: as if the context had not been read; below 0: worse
 * @param interval 95 %; nothing with fewer than {@value Bootstrap#FEWEST_CONTEXTS} contexts
 */
public record Retained(double value, Optional<Interval> interval) {

  /**
   * @param plan one value per context
   * @param f16 of the same contexts in the same order
   * @param none of the same contexts, without reading them
   * @return nothing when f16 is no better than the question alone: then there is nothing to retain
   */
  public static Optional<Retained> of(double[] plan, double[] f16, double[] none, long seed) {
    double[] kept = Means.difference(plan, none);
    double[] worth = Means.difference(f16, none);
    Means.requirePairs(kept, worth);
    if (!(Means.of(worth) > 0)) {
      return Optional.empty();
    }
    Estimator ratio =
        contexts -> {
          double denominator = Means.of(worth, contexts);
          return denominator > 0 ? Means.of(kept, contexts) / denominator : Double.NaN;
        };
    double value = ratio.of(IntStream.range(0, worth.length).toArray());
    return Optional.of(new Retained(value, Bootstrap.interval(ratio, worth.length, seed)));
  }
}
