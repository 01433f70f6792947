package io.kvasir.engine.perplexity;

import java.util.Optional;

/**
 * What a {@link Perplexity} measurement found.
 *
 * @param chunks that were read
 * @param chunkTokens tokens of each
 * @param scoredTokens of all chunks together
 * @param prefill how the first half of each chunk was read
 * @param divergence from the base plan, if one was given
 */
public record PerplexityResult(
    String plan,
    String prefill,
    String precision,
    int chunks,
    int chunkTokens,
    long scoredTokens,
    Estimate perplexity,
    Optional<Divergence> divergence) {}
