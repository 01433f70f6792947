package io.kvasir.eval.store;

/**
 * One part of the bytes of {@link CostRow#kvBytes}, the same in every round.
 *
 * @param part {@code codes}, {@code scales}, {@code windows} or {@code side}, as {@link
 *     io.kvasir.kv.KvBytes} says
 */
public record PartRow(
    @Key String runId,
    @Key String modelSha,
    @Key String planSha,
    @Key int ctx,
    @Key String part,
    long bytes)
    implements Row {}
