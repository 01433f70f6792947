package io.kvasir.eval.stat;

import java.util.OptionalInt;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How small a difference so many contexts can show.
 *
 * <p>{@code (t(0.975, n-1) + t(0.8, n-1)) * s / sqrt(n)}: what a two-sided paired test at 5 % finds
 * in four runs of five, when the differences of contexts have standard deviation s. Source: Bloom
 * 1995, "Minimum detectable effects", Evaluation Review 19.
 */
public final class Power {
  private static final double LEVEL = 0.05;
  private static final double POWER = 0.8;
  private static final int MOST_CONTEXTS = 1_000_000;

  private Power() {}

  /**
   * The smallest detectable difference, in the unit of the differences.
   *
   * @param differences one per context, at least two
   */
  public static double smallestDetectable(double[] differences) {
    if (differences.length < 2) {
      throw new IllegalArgumentException(
          "%d contexts have no spread; expected at least 2".formatted(differences.length));
    }
    return smallestDetectable(Means.deviation(differences), differences.length);
  }

  /**
   * About how many contexts would show a difference.
   *
   * @param differences one per context, at least two: their spread is taken to be the truth
   * @param wanted the difference to be shown, more than 0
   * @return nothing when a million would not do
   */
  public static OptionalInt contextsNeeded(double[] differences, double wanted) {
    double deviation = Means.deviation(differences);
    int too = 1; // too few
    int enough = 2;
    while (smallestDetectable(deviation, enough) > wanted) {
      if (enough >= MOST_CONTEXTS) {
        return OptionalInt.empty();
      }
      too = enough;
      enough = Math.min(2 * enough, MOST_CONTEXTS);
    }
    while (enough - too > 1) {
      int middle = (too + enough) >>> 1;
      if (smallestDetectable(deviation, middle) > wanted) {
        too = middle;
      } else {
        enough = middle;
      }
    }
    return OptionalInt.of(enough);
  }

  private static double smallestDetectable(double deviation, int contexts) {
    TDistribution t = TDistribution.of(contexts - 1);
    return (t.inverseCumulativeProbability(1 - LEVEL / 2) + t.inverseCumulativeProbability(POWER))
        * deviation
        / Math.sqrt(contexts);
  }
}
