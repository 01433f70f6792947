/**
 * Published claims, as expectations that results can hold or fail to hold: "2 bits keep 98 % of the
 * score", "a pyramid beats equal layers when little is kept".
 *
 * <p>Start with {@link io.kvasir.eval.claim.Claim}, one entry of a YAML file, and {@link
 * io.kvasir.eval.claim.Claims}, the files that Kvasir brings, one per family of methods. {@code
 * Evidence} is what was measured about one claim on one model at one length, {@code Judge} the
 * verdicts of a family, {@link io.kvasir.eval.claim.ClaimRun} the way from one to the other.
 */
@NullMarked
package io.kvasir.eval.claim;

import org.jspecify.annotations.NullMarked;
