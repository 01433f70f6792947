package io.kvasir.eval.stat;

/** Means over contexts, and the checks that all of this package share. */
final class Means {
  private Means() {}

  /** Mean of all contexts; NaN when there are none. */
  static double of(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Mean of the contexts drawn. */
  static double of(double[] values, int[] contexts) {
    double sum = 0;
    for (int context : contexts) {
      sum += values[context];
    }
    return sum / contexts.length;
  }

  /** {@code a[i] - b[i]}. */
  static double[] difference(double[] a, double[] b) {
    requirePairs(a, b);
    double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  /** Standard deviation of a sample, divisor {@code n - 1}; NaN below two contexts. */
  static double deviation(double[] values) {
    double mean = of(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (values.length - 1));
  }

  static void requirePairs(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "%d contexts against %d; expected the same contexts on both sides"
              .formatted(a.length, b.length));
    }
  }
}
