package io.kvasir.engine.perplexity;

/**
 * A figure measured on a sample.
 *
 * @param error its standard error, in the same unit
 */
public record Estimate(double value, double error) {
  /** The exponential of the figure; its error by the delta method. */
  public Estimate exponential() {
    double exponential = Math.exp(value);
    return new Estimate(exponential, exponential * error);
  }
}
