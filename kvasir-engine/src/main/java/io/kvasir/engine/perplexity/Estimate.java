package io.kvasir.engine.perplexity;

/**
 * A figure measured on a sample.
 *
 * @param error its standard error, in the same unit
 */
public record Estimate(double value, double error) {}
