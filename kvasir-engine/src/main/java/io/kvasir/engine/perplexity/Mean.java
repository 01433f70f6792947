package io.kvasir.engine.perplexity;

/** The mean of a series of numbers, and how sure it is. */
final class Mean {
  private double sum;
  private double sumOfSquares;
  private long count;

  void add(double x) {
    sum += x;
    sumOfSquares += x * x;
    count++;
  }

  long count() {
    return count;
  }

  /** The mean and its standard error, from the sample's variance over n - 1. */
  Estimate estimate() {
    double mean = sum / count;
    double variance = Math.max(0, sumOfSquares / count - mean * mean); // rounding may go below
    return new Estimate(mean, count < 2 ? 0 : Math.sqrt(variance / (count - 1)));
  }
}
