package io.kvasir.eval.stat;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Adjusts the p-values of one chart for their number: among them all, the chance of calling even
 * one difference that is none stays at the level.
 *
 * <p>Source: Holm 1979, "A simple sequentially rejective multiple test procedure". The k-th
 * smallest of m is multiplied by {@code m - k + 1}; none may be below a smaller one's.
 */
public final class Holm {
  private Holm() {}

  /**
   * @param p each in [0, 1]
   * @return adjusted, in the order of {@code p}, each in [0, 1]
   */
  public static double[] adjust(double[] p) {
    int[] ascending =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[p.length];
    double least = 0;
    for (int rank = 0; rank < p.length; rank++) {
      int at = ascending[rank];
      if (!(p[at] >= 0 && p[at] <= 1)) {
        throw new IllegalArgumentException("p=%s is no probability".formatted(p[at]));
      }
      least = Math.max(least, Math.min(1, (p.length - rank) * p[at]));
      adjusted[at] = least;
    }
    return adjusted;
  }
}
