package io.kvasir.eval.store;

import java.util.OptionalDouble;

/**
 * What became of a published claim on one model at one size.
 *
 * @param claimSha SHA-256 of its text: an edited claim is another one
 * @param lhs left side of its comparison; nothing when it could not be computed
 * @param rhs right side, likewise
 * @param lo of the adjusted 95 % interval of {@code lhs - rhs}
 * @param hi likewise
 * @param n contexts
 * @param verdict {@code held}, {@code not held} or {@code not testable here}
 * @param reason one sentence
 */
public record ClaimRow(
    @Key String runId,
    @Key String claimId,
    String claimSha,
    @Key String modelSha,
    @Key int ctx,
    OptionalDouble lhs,
    OptionalDouble rhs,
    OptionalDouble lo,
    OptionalDouble hi,
    int n,
    String verdict,
    String reason)
    implements Row {}
