package io.kvasir.kv.budget;

import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Param;
import io.kvasir.kv.Protection;
import io.kvasir.kv.score.Scorer;
import java.util.Arrays;

/**
 * PrefixKV: every layer keeps the best pairs that together hold the same share of its attention. A
 * layer whose attention is concentrated needs few of them; one global share decides for all.
 *
 * <p>Paper: Wang et al. 2024 (NeurIPS 2025), arXiv:2412.03409. Code: THU-MIG/PrefixKV.
 *
 * <p>"Prefix" is the beginning of a layer's ranking, not of the text.
 */
@KvMethod(
    value = "prefixkv",
    summary = "layers keep what holds the same share of their attention",
    about =
        "Layers differ in how few pairs hold most of their attention. One share of attention "
            + "is sought for all layers, such that the pairs that hold it are as many as keep says "
            + "in all; a layer keeps as many as that takes. Scores must be amounts that can be "
            + "added up, as h2o's and snapkv's are; others are refused.",
    source = "Wang et al. 2024 (NeurIPS 2025), arXiv:2412.03409",
    cost = "0 bytes; all layers are held back in f16 until the prompt has been read",
    formula =
        "n_l(p) = fewest best pairs of layer l with a share p of its scores; forgotten_l = max(0, N - "
            + "n_l(p) - sinks - 1), p such that their sum is the one that keep means, the rest in "
            + "proportion",
    differs =
        "shares are those of the prompt itself, which the authors average over calibration samples; "
            + "decoded tokens are cut by every=n and score, where the authors drop one fixed place a "
            + "step")
record PrefixKv(
    @Param(value = "1", min = 0, max = 4096, doc = "first tokens that always stay") int sinks)
    implements Budget {
  private static final int HALVINGS = 50; // ties may leave the sum short for ever

  @Override
  public String defaultScorer() {
    return "h2o(recent=0%)"; // column sums; what stays besides is this budget's to say
  }

  @Override
  public void check(Scorer scorer) {
    if (!scorer.additive()) {
      throw new KvPlanException(
          "prefixkv: adds up shares of scores, and those of the plan's scorer are no amounts; "
              + "expected for example h2o");
    }
  }

  @Override
  public boolean global() {
    return true;
  }

  @Override
  public boolean oneListPerLayer() {
    return true;
  }

  @Override
  public Protection protects(CutPoint at) {
    return new Protection(sinks, 1);
  }

  @Override
  public void allot(Allotment allotment) {
    double[][] shares = new double[allotment.layers()][];
    double excess = -allotment.exactMean() * shares.length;
    for (int layer = 0; layer < shares.length; layer++) {
      shares[layer] = bestFirst(allotment.scores(layer, 0));
      excess += shares[layer].length;
    }
    int spared = allotment.protectedPairs();
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double share = (low + high) / 2;
      if (Arrays.stream(forgotten(shares, share, spared)).sum() > excess) {
        low = share;
      } else {
        high = share;
      }
    }
    int[] forgotten = forgotten(shares, low, spared);
    double scale = excess / Math.max(1, Arrays.stream(forgotten).sum());
    double owed = 0;
    for (int layer = 0; layer < shares.length; layer++) {
      owed += shares[layer].length - scale * forgotten[layer];
      int pairs = (int) Math.rint(owed);
      owed -= pairs; // so that the sum over layers is the one that keep means
      for (int head = 0; head < allotment.kvHeads(layer); head++) {
        allotment.keep(layer, head, pairs);
      }
    }
  }

  /** What the best pair holds, the best two, three ..., as shares of all. */
  private static double[] bestFirst(float[] scores) {
    float[] ascending = scores.clone();
    Arrays.sort(ascending);
    double[] shares = new double[ascending.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      sum += ascending[shares.length - 1 - i];
      shares[i] = sum;
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] = sum > 0 ? shares[i] / sum : (i + 1.0) / shares.length;
    }
    return shares;
  }

  /** Pairs of each layer that are not needed for a share. */
  private static int[] forgotten(double[][] shares, double share, int spared) {
    int[] forgotten = new int[shares.length];
    for (int layer = 0; layer < forgotten.length; layer++) {
      int needed = 1;
      while (needed < shares[layer].length && shares[layer][needed - 1] < share) {
        needed++;
      }
      forgotten[layer] = Math.max(0, shares[layer].length - needed - spared);
    }
    return forgotten;
  }
}
