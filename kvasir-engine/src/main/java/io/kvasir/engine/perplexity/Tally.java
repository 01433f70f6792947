package io.kvasir.engine.perplexity;

import io.kvasir.engine.LogProbs;

/** Sums over scored tokens. */
final class Tally {
  private final Mean nll = new Mean();
  private final Mean baseNll = new Mean();
  private final Mean kl = new Mean();
  private final Mean sameTop = new Mean();
  private double maxKl;

  /**
   * @param logits after the tokens before, [V]
   * @param id the token that came
   */
  void add(float[] logits, int id) {
    nll.add(LogProbs.nll(logits, id));
  }

  /**
   * The same token in both caches.
   *
   * @param base logits of the base plan, [V]
   */
  void compare(float[] base, float[] logits, int id) {
    baseNll.add(LogProbs.nll(base, id));
    double divergence = LogProbs.kl(base, logits);
    kl.add(divergence);
    maxKl = Math.max(maxKl, divergence);
    sameTop.add(LogProbs.argmax(base) == LogProbs.argmax(logits) ? 1 : 0);
  }

  long tokens() {
    return nll.count();
  }

  Estimate perplexity() {
    return nll.estimate().exponential();
  }

  Divergence divergence(String base) {
    return new Divergence(
        base, baseNll.estimate().exponential(), kl.estimate(), maxKl, sameTop.estimate());
  }
}
