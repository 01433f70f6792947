package io.kvasir.eval.store;

/**
 * What a plan costs, measured in a JVM of its own.
 *
 * @param ctx tokens in the end: of the prompt, and those decoded after it
 * @param round counted from 0; compare with f16 of the same round and run
 * @param kvBytes codes, scales, windows and side state, held in the end
 * @param sideBytes of those: what stands beside the pairs, such as positions
 * @param rssPeak the most that was resident over the loaded model, in bytes: the cache, and while
 *     the prompt is read one raw layer
 * @param ttftMs from prompt to first token
 * @param compressMs of those: compression
 * @param prefillTps tokens of the prompt per second, until the first token
 * @param decodeTps tokens per second
 */
public record CostRow(
    @Key String runId,
    @Key String modelSha,
    @Key String planSha,
    @Key int ctx,
    @Key int round,
    long kvBytes,
    long sideBytes,
    long rssPeak,
    double ttftMs,
    double compressMs,
    double prefillTps,
    double decodeTps)
    implements Row {}
