package io.kvasir.engine.perplexity;

/**
 * How far a cache plan takes the predictions from those of another plan, the base.
 *
 * @param base plan that it is compared with
 * @param basePerplexity of the same tokens
 * @param meanKl Kullback-Leibler divergence from the base's next-token distribution, nats
 * @param maxKl the largest of one token
 * @param sameTop share of tokens whose most probable successor is the base's, 0 to 1
 */
public record Divergence(
    String base, Estimate basePerplexity, Estimate meanKl, double maxKl, Estimate sameTop) {}
