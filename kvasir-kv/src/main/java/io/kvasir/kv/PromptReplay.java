package io.kvasir.kv;

/**
 * A second reading of the prompt, chunk by chunk, by the model that holds all of it: an instruction
 * to repeat it, then a chunk itself, as if that were the answer. What the pairs of the chunk
 * receive of the attention is recorded, and nothing of the replay stays.
 *
 * <p>Weights are shares of the attention to the first tokens, the chunk and the replay alone.
 *
 * @param chunk tokens of a chunk
 * @param sinks first tokens that take part in every softmax
 * @param first what is read before the first chunk
 * @param later what is read before the others, followed by the last tokens of the chunk before
 * @param overlap how many last tokens
 * @param suffix what is read right before a chunk
 */
public record PromptReplay(
    int chunk, int sinks, String first, String later, int overlap, String suffix) {}
