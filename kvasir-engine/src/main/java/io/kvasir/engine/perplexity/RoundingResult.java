package io.kvasir.engine.perplexity;

/**
 * What a {@link Rounding} measurement found.
 *
 * @param precision that was measured
 * @param chunks that were read
 * @param chunkTokens tokens of each
 * @param scoredTokens of all chunks together, each once as a prompt and once decoded
 * @param prompt divergence where tokens were read as a prompt
 * @param decoded divergence where they were decoded
 */
public record RoundingResult(
    String model,
    String plan,
    String precision,
    int chunks,
    int chunkTokens,
    long scoredTokens,
    Divergence prompt,
    Divergence decoded) {}
