package io.kvasir.eval.stat;

import java.util.stream.IntStream;

/**
 * What each context contributes to an estimate: {@code n estimate - (n - 1) estimate without it}.
 * Of a mean that is the context's own value; of a ratio of means it is what behaves like one, so
 * that their spread says how far off the estimate may be.
 *
 * <p>Source: Tukey 1958, "Bias and confidence in not-quite large samples".
 */
public final class PseudoValues {
  private PseudoValues() {}

  /**
   * @param contexts how many there are, at least two
   * @return one per context
   */
  public static double[] of(Estimator estimator, int contexts) {
    double all = estimator.of(IntStream.range(0, contexts).toArray());
    double[] without = leavingOneOut(estimator, contexts);
    double[] values = new double[contexts];
    for (int i = 0; i < contexts; i++) {
      values[i] = contexts * all - (contexts - 1) * without[i];
    }
    return values;
  }

  /** The estimate without context i, for each i. */
  static double[] leavingOneOut(Estimator estimator, int contexts) {
    double[] estimates = new double[contexts];
    for (int i = 0; i < contexts; i++) {
      int left = i;
      estimates[i] = estimator.of(IntStream.range(0, contexts).filter(c -> c != left).toArray());
    }
    return estimates;
  }
}
