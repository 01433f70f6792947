package io.kvasir.eval.claim;

import io.kvasir.eval.stat.Interval;
import io.kvasir.eval.store.ClaimRow;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What became of a claim on one model at one length.
 *
 * @param left side of its expectation; nothing where it could not be computed
 * @param right likewise
 * @param difference interval of left less right, adjusted; of costs: from round to round
 * @param n contexts, or rounds
 * @param reason one sentence; may be empty
 */
record Verdict(
    Claim claim,
    Ruling ruling,
    OptionalDouble left,
    OptionalDouble right,
    Optional<Interval> difference,
    int n,
    String reason) {

  /** The three answers. */
  enum Ruling {
    HELD,
    NOT_HELD,
    NOT_TESTABLE_HERE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  static Verdict impossible(Claim claim, String why) {
    return new Verdict(
        claim,
        Ruling.NOT_TESTABLE_HERE,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        0,
        why);
  }

  ClaimRow row(String runId, String modelSha, int ctx, boolean edited) {
    return new ClaimRow(
        runId,
        claim.id(),
        claim.digest(),
        modelSha,
        ctx,
        left,
        right,
        end(Interval::lo),
        end(Interval::hi),
        n,
        ruling.toString(),
        edited ? "edited after a result" + (reason.isEmpty() ? "" : "; " + reason) : reason);
  }

  private OptionalDouble end(Function<Interval, Double> which) {
    return difference.map(which).map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }
}
