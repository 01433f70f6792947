package io.kvasir.eval.kld;

import io.kvasir.engine.perplexity.Estimate;
import java.util.Arrays;

/** Numbers of scored tokens, and the statistics that llama.cpp tells of them. */
final class Sample {
  private double[] values = new double[256]; // the first size of them
  private int size;

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  double mean() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += values[i];
    }
    return sum / size;
  }

  /** The mean and its standard error, from the variance over n - 1; 0 for a single number. */
  Estimate estimate() {
    return new Estimate(mean(), Math.sqrt(covariance(this)));
  }

  /**
   * Covariance of this mean and another's, the numbers coming in pairs: that of the numbers over n
   * - 1. Of a sample with itself: its squared standard error.
   */
  double covariance(Sample other) {
    double mine = mean();
    double theirs = other.mean();
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += (values[i] - mine) * (other.values[i] - theirs);
    }
    return sum / size / Math.max(1, size - 1);
  }

  /** The squares. */
  Sample squared() {
    Sample squares = new Sample();
    for (int i = 0; i < size; i++) {
      squares.add(values[i] * values[i]);
    }
    return squares;
  }

  Quantiles quantiles() {
    return Quantiles.of(Arrays.copyOf(values, size));
  }
}
