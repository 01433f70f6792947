package io.kvasir.eval.stat;

/**
 * A number computed from contexts: a mean, a difference of means, a ratio of them. Because it is
 * given the contexts and not their values, whatever belongs to one context stays together when
 * contexts are drawn anew; that makes a bootstrap over it paired and clustered.
 */
@FunctionalInterface
public interface Estimator {
  /**
   * @param contexts indices, counted from 0; one may stand several times
   */
  double of(int[] contexts);

  /** The mean of one value per context. */
  static Estimator mean(double[] values) {
    return contexts -> Means.of(values, contexts);
  }
}
