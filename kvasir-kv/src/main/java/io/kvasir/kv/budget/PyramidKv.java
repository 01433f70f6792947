package io.kvasir.kv.budget;

import io.kvasir.kv.KvMethod;
import io.kvasir.kv.Param;

/**
 * PyramidKV: attention spreads wide in low layers and narrows with depth, so the number of pairs
 * falls linearly from layer to layer.
 *
 * <p>Paper: Cai et al. 2024, arXiv:2406.02069. Code: Zefan-Cai/KVCache-Factory, NVIDIA/kvpress.
 *
 * <p>The last layer keeps {@code mean/beta} pairs and the first {@code 2 mean - mean/beta}, which
 * makes the mean over layers the plan's. A prompt too short for the first layer's share flattens
 * the pyramid; one whose last layer could not hold the protected pairs makes it uniform.
 */
@KvMethod(
    value = "pyramidkv",
    summary = "low layers keep more pairs than high ones, falling linearly",
    about =
        "Attention of the low layers spreads over the whole text and narrows to few tokens "
            + "further up. So low layers keep more than high ones, in even steps, and the total is "
            + "that of uniform. Goes with every scorer; the authors' is snapkv.",
    source = "Cai et al. 2024, arXiv:2406.02069; kvpress PyramidKVPress",
    cost = "0 bytes; the total is that of uniform",
    formula =
        "last = mean / beta, first = 2 mean - last (at most N - protected); layer l keeps "
            + "round(first - l (first - last) / (L - 1))",
    differs =
        "real steps, as in kvpress: the authors' integer steps overshoot the total by up to 10 %; "
            + "the window is part of a layer's share; the uniform fallback rounds down")
record PyramidKv(
    @Param(value = "20", min = 1, max = 10_000, doc = "the last layer keeps mean / beta pairs")
        double beta)
    implements Budget {

  @Override
  public String defaultScorer() {
    return "snapkv(window=8,kernel=7,pool=max)"; // the authors' scripts
  }

  @Override
  public void allot(Allotment allotment) {
    double mean = allotment.exactMean();
    int floor = allotment.protectedPairs();
    double last = mean / beta;
    double first = 2 * mean - last;
    int most = allotment.seen() - floor;
    if (first >= most) {
      first = most;
      last = 2 * mean - first;
    }
    if (allotment.layers() == 1 || first < last || last < floor) {
      return; // no pyramid fits: every head keeps the mean it started with
    }
    double step = (first - last) / (allotment.layers() - 1);
    for (int layer = allotment.from(); layer < allotment.to(); layer++) {
      int pairs = (int) Math.rint(first - layer * step);
      for (int head = 0; head < allotment.kvHeads(layer); head++) {
        allotment.keep(layer, head, pairs);
      }
    }
  }
}
