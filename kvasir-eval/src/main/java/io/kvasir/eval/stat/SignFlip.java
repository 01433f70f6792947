package io.kvasir.eval.stat;

import io.kvasir.eval.Seeded;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * The paired permutation test: if two plans were alike, every context's difference could as well
 * have had the other sign.
 *
 * <p>{@code p} = share of the {@code 2^n} choices of signs whose sum is at least as far from 0 as
 * the sum observed. Two-sided; it assumes no distribution. Source: Fisher 1935, "The Design of
 * Experiments", section 21.
 *
 * <p>Up to {@value #MOST_EXACT} contexts that share is counted exactly: the sums of either half of
 * the contexts are listed and sorted, and pairs of them counted in one walk over both lists, {@code
 * 2^(n/2)} steps instead of {@code 2^n}. Beyond, {@value #DRAWS} choices are drawn.
 */
public final class SignFlip {
  static final int MOST_EXACT = 36;
  static final int DRAWS = 100_000;

  /** Sums of the same numbers in another order differ by rounding; those are equal. */
  private static final double ROUNDING = 1e-12;

  private SignFlip() {}

  /**
   * The probability of a difference at least as large, if there were none.
   *
   * @param differences one per context, finite
   * @param seed used beyond {@value #MOST_EXACT} contexts only
   * @return in (0, 1]; 1 without contexts
   */
  public static double p(double[] differences, long seed) {
    double size = Arrays.stream(differences).map(Math::abs).sum();
    if (!Double.isFinite(size)) {
      throw new IllegalArgumentException("a difference is not finite");
    }
    double observed = Math.abs(Arrays.stream(differences).sum()) - ROUNDING * size;
    if (observed <= 0) {
      return 1;
    }
    return differences.length <= MOST_EXACT
        ? exact(differences, observed)
        : drawn(differences, observed, seed);
  }

  /** Of the sums at least {@code observed} from 0 half are positive, so those are counted. */
  private static double exact(double[] differences, double observed) {
    int half = differences.length / 2;
    double[] left = sums(Arrays.copyOfRange(differences, 0, half));
    double[] right = sums(Arrays.copyOfRange(differences, half, differences.length));
    long beyond = 0;
    int from = right.length;
    for (double sum : left) { // ascending, so the partners that suffice only grow in number
      while (from > 0 && sum + right[from - 1] >= observed) {
        from--;
      }
      beyond += right.length - from;
    }
    return 2.0 * beyond / ((double) left.length * right.length);
  }

  /** The sums of all choices of signs, ascending. */
  private static double[] sums(double[] differences) {
    double[] sums = {0};
    for (double difference : differences) {
      double[] longer = new double[2 * sums.length];
      for (int i = 0; i < sums.length; i++) {
        longer[2 * i] = sums[i] - difference;
        longer[2 * i + 1] = sums[i] + difference;
      }
      sums = longer;
    }
    Arrays.sort(sums);
    return sums;
  }

  /** The choice observed counts as one of those drawn, so p is never 0 and the test stays valid. */
  private static double drawn(double[] differences, double observed, long seed) {
    UniformRandomProvider random = Seeded.of(seed, "sign flips");
    int beyond = 1;
    for (int i = 0; i < DRAWS; i++) {
      double sum = 0;
      for (double difference : differences) {
        sum += random.nextBoolean() ? difference : -difference;
      }
      if (Math.abs(sum) >= observed) {
        beyond++;
      }
    }
    return beyond / (DRAWS + 1.0);
  }
}
