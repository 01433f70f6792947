package io.kvasir.eval.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects what {@link Divergence} is made of. */
final class DivergenceTally {
  private final List<Double> kl = new ArrayList<>();
  private double nll;
  private double nllF16;
  private int same;

  void add(Compared token) {
    kl.add(token.kl());
    nll += token.nll();
    nllF16 += token.nllF16();
    same += token.same() ? 1 : 0;
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
