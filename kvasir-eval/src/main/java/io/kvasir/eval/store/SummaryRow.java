package io.kvasir.eval.store;

import java.util.OptionalDouble;

/**
 * One metric of one plan over the contexts of a cell.
 *
 * @param protocol {@code blind}, {@code aware} or {@code turns}
 * @param prefill {@code exact}, {@code chunked:n} or {@code coded}
 * @param metric such as {@code score}, {@code r}, {@code kl}
 * @param nContexts the unit of all statistics
 * @param value mean over contexts
 * @param f16 the same of f16; nothing where that is no comparison
 * @param diff {@code value - f16}
 * @param lo of the 95 % interval of {@code diff}, or of {@code value} where there is no f16
 * @param hi likewise
 * @param p of a difference this large if there were none
 * @param pHolm adjusted for the number of plans in the chart
 * @param testable whether f16 could show a loss at all
 */
public record SummaryRow(
    @Key String runId,
    @Key String modelSha,
    @Key String planSha,
    @Key String task,
    @Key int ctx,
    @Key String protocol,
    @Key String prefill,
    @Key String metric,
    int nContexts,
    double value,
    OptionalDouble f16,
    OptionalDouble diff,
    OptionalDouble lo,
    OptionalDouble hi,
    OptionalDouble p,
    OptionalDouble pHolm,
    boolean testable)
    implements Row {}
