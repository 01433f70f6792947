package io.kvasir.eval.kld;

import io.kvasir.engine.LogProbs;
import io.kvasir.engine.perplexity.Estimate;
import java.util.OptionalDouble;

/** What is noted of scored tokens. */
final class KldTally {
  /** Tokens that the base holds less probable than this are left out of a divergence: nats. */
  private static final float LEAST = -16;

  private final Sample nll = new Sample();
  private final Sample baseNll = new Sample();
  private final Sample kl = new Sample();
  private final Sample change = new Sample(); // of the token's probability
  private final Sample sameTop = new Sample();

  /**
   * A scored token.
   *
   * @param base probabilities there
   * @param logits of what is measured there, [V]
   * @param next the token that came
   */
  void add(KldRow base, float[] logits, int next) {
    double own = LogProbs.nll(logits, next);
    double other = -base.logP(next);
    nll.add(own);
    baseNll.add(other);
    kl.add(divergence(base, logits, own + logits[next]));
    change.add(Math.exp(-own) - Math.exp(-other));
    sameTop.add(base.argmax() == LogProbs.argmax(logits) ? 1 : 0);
  }

  /**
   * {@code sum p (ln p - ln q)} over what the base holds probable; with its last tokens left out it
   * may fall below 0, and with 16 bits of each too.
   *
   * @param total ln of the sum of the exponentials of all logits
   */
  private static double divergence(KldRow base, float[] logits, double total) {
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      float logP = base.logP(id);
      if (logP > LEAST) {
        sum += Math.exp(logP) * (logP - (logits[id] - total));
      }
    }
    return sum;
  }

  /**
   * The figures.
   *
   * @param floor f16 on the same tokens
   */
  KldResult result(KldResult.Setting setting, KldTally floor) {
    return new KldResult(
        setting,
        nll.size(),
        perplexities(),
        new KldResult.Spread(kl.estimate(), kl.quantiles()),
        new KldResult.Spread(change.estimate(), change.quantiles()),
        rootMeanSquare(),
        sameTop.estimate(),
        new KldResult.Floor(floor.kl.estimate(), floor.sameTop.estimate()));
  }

  /** Errors of what is computed from two means by the delta method, as in llama.cpp. */
  private KldResult.Perplexities perplexities() {
    Estimate log = nll.estimate();
    Estimate logBase = baseNll.estimate();
    double covariance = nll.covariance(baseNll);
    Estimate logRatio =
        new Estimate(
            log.value() - logBase.value(), ofDifference(log.error(), logBase.error(), covariance));
    Estimate own = log.exponential();
    Estimate base = logBase.exponential();
    Estimate difference =
        new Estimate(
            own.value() - base.value(),
            ofDifference(own.error(), base.error(), own.value() * base.value() * covariance));
    double errors = log.error() * logBase.error();
    return new KldResult.Perplexities(
        own,
        base,
        errors == 0 ? OptionalDouble.empty() : OptionalDouble.of(covariance / errors),
        logRatio,
        logRatio.exponential(),
        difference);
  }

  private static double ofDifference(double a, double b, double covariance) {
    return Math.sqrt(Math.max(0, a * a + b * b - 2 * covariance)); // rounding may go below
  }

  private Estimate rootMeanSquare() {
    Estimate square = change.squared().estimate();
    double root = Math.sqrt(square.value());
    return new Estimate(root, root == 0 ? 0 : square.error() / (2 * root));
  }
}
