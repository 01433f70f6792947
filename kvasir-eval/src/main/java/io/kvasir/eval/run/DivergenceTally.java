package io.kvasir.eval.run;

import io.kvasir.engine.LogProbs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects what {@link Divergence} is made of, in f64 over the whole vocabulary. */
final class DivergenceTally {
  private final List<Double> kl = new ArrayList<>();
  private double nll;
  private double nllF16;
  private int same;

  /**
   * Adds a token.
   *
   * @param f16 its logits before the token, [V]
   * @param plan likewise
   * @param next the token that came
   */
  void add(float[] f16, float[] plan, int next) {
    kl.add(LogProbs.kl(f16, plan));
    nll += LogProbs.nll(plan, next);
    nllF16 += LogProbs.nll(f16, next);
    same += LogProbs.argmax(f16) == LogProbs.argmax(plan) ? 1 : 0;
  }

  boolean isEmpty() {
    return kl.isEmpty();
  }

  /** Of at least one token. */
  Divergence divergence(int bucket, boolean far) {
    int n = kl.size();
    List<Double> sorted = kl.stream().sorted().toList();
    return new Divergence(
        bucket,
        far,
        n,
        nll / n,
        nllF16 / n,
        kl.stream().mapToDouble(x -> x).sum() / n,
        sorted.get((int) Math.ceil(0.99 * n) - 1),
        Collections.max(kl),
        (double) same / n);
  }
}
