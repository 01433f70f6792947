package io.kvasir.eval.store;

/**
 * What a plan costs, measured in a JVM of its own.
 *
 * @param ctx tokens of the prompt
 * @param round counted from 0; compare with f16 of the same round
 * @param kvBytes codes, scales, windows and side state, held at the end
 * @param sideBytes of those: side state, which does not grow with the text
 * @param rssPeak bytes over the loaded model
 * @param ttftMs from prompt to first token
 * @param compressMs of those: compression
 * @param prefillTps tokens per second
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
