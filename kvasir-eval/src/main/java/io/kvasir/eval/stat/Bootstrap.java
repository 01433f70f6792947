package io.kvasir.eval.stat;

import io.kvasir.eval.Seeded;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Confidence intervals by drawing contexts anew: the bias-corrected and accelerated bootstrap.
 *
 * <p>Source: Efron 1987, "Better bootstrap confidence intervals", JASA 82, equations 6.6 and 7.3;
 * ties between the estimate and a resample count half, as in SciPy.
 *
 * <pre>
 *   z0 = Phi^-1( share of resamples below the estimate )
 *   a  = sum u^3 / (6 (sum u^2)^(3/2)),  u[i] = mean of the jackknife - estimate without context i
 *   end(q) = the quantile Phi( z0 + (z0 + z_q) / (1 - a (z0 + z_q)) ) of the resamples
 * </pre>
 */
public final class Bootstrap {
  public static final int RESAMPLES = 10_000;

  /** Below this many contexts the resamples are too few kinds to say anything about the tails. */
  public static final int FEWEST_CONTEXTS = 8;

  public static final double LEVEL = 0.95;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private Bootstrap() {}

  /**
   * The 95 % interval of an estimate.
   *
   * @param contexts how many there are
   * @param seed equal seeds give equal intervals
   * @return nothing below {@value #FEWEST_CONTEXTS} contexts, or when the estimate of some resample
   *     is not finite (a ratio whose denominator vanishes has no bounded interval)
   */
  public static Optional<Interval> interval(Estimator estimator, int contexts, long seed) {
    return interval(estimator, contexts, seed, LEVEL);
  }

  /**
   * The interval of a given level, for adjusted comparisons.
   *
   * @param level more than 0, less than 1
   */
  public static Optional<Interval> interval(
      Estimator estimator, int contexts, long seed, double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level %s is not between 0 and 1".formatted(level));
    }
    if (contexts < FEWEST_CONTEXTS) {
      return Optional.empty();
    }
    double[] resamples = resamples(estimator, contexts, seed);
    double estimate = estimator.of(IntStream.range(0, contexts).toArray());
    return accelerated(estimate, resamples, PseudoValues.leavingOneOut(estimator, contexts), level);
  }

  private static double[] resamples(Estimator estimator, int contexts, long seed) {
    UniformRandomProvider random = Seeded.of(seed, "bootstrap");
    double[] estimates = new double[RESAMPLES];
    int[] drawn = new int[contexts];
    for (int b = 0; b < RESAMPLES; b++) {
      for (int i = 0; i < contexts; i++) {
        drawn[i] = random.nextInt(contexts);
      }
      estimates[b] = estimator.of(drawn);
    }
    return estimates;
  }

  /**
   * The interval from its three ingredients.
   *
   * @param resamples in any order; sorted by this
   */
  static Optional<Interval> accelerated(
      double estimate, double[] resamples, double[] jackknife, double level) {
    Arrays.sort(resamples);
    if (!Double.isFinite(resamples[0]) || !Double.isFinite(resamples[resamples.length - 1])) {
      return Optional.empty();
    }
    double bias = NORMAL.inverseCumulativeProbability(shareBelow(estimate, resamples));
    double acceleration = acceleration(jackknife);
    double tail = (1 - level) / 2;
    return Optional.of(
        new Interval(
            quantile(resamples, corrected(tail, bias, acceleration)),
            quantile(resamples, corrected(1 - tail, bias, acceleration))));
  }

  /** Kept off 0 and 1, so that an estimate at the edge of its resamples has a finite bias. */
  private static double shareBelow(double estimate, double[] resamples) {
    double below = 0;
    for (double resample : resamples) {
      below += resample < estimate ? 1 : resample == estimate ? 0.5 : 0;
    }
    return Math.clamp(below, 0.5, resamples.length - 0.5) / resamples.length;
  }

  private static double acceleration(double[] jackknife) {
    double mean = Means.of(jackknife);
    double squares = 0;
    double cubes = 0;
    for (double estimate : jackknife) {
      double u = mean - estimate;
      squares += u * u;
      cubes += u * u * u;
    }
    return squares == 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
  }

  private static double corrected(double probability, double bias, double acceleration) {
    double z = bias + NORMAL.inverseCumulativeProbability(probability);
    return NORMAL.cumulativeProbability(bias + z / (1 - acceleration * z));
  }

  /** Linear between order statistics (type 7 of Hyndman and Fan 1996). */
  private static double quantile(double[] sorted, double probability) {
    double place = probability * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
