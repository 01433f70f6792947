package io.kvasir.kv.budget;

import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.Param;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.CalibrationText;
import io.kvasir.kv.calibration.Calibrator;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * HeadKV: a few heads find what is asked for. Every head is sure of some pairs; the rest is one
 * pool, divided in proportion to scores that a probe gave the heads once.
 *
 * <p>Paper: Fu et al. 2024 (ICLR 2025), arXiv:2410.19258. Code: FYYFU/HeadKV.
 *
 * <p>With b pairs a head beside the protected ones, {@code floor(b / beta)} of them go to the pool:
 * a larger beta means a smaller pool. What a head gets beyond the pairs that it has goes back to
 * the others, in the same proportion.
 */
@KvMethod(
    value = "headkv",
    summary = "heads keep more pairs the better they found hidden sentences, in all layers",
    about =
        "Some heads find facts in a context and most do not. Calibration hides facts in "
            + "filler, or repeats tokens drawn by chance, and measures how much each head attends to "
            + "the right place; every head gets a floor, and the rest of the pairs is shared out by "
            + "that measure, over all layers. "
            + "Goes with every scorer that ranks pairs within a head.",
    source = "Fu et al. 2024 (ICLR 2025), arXiv:2410.19258; FYYFU/HeadKV",
    cost = "0 bytes per pair, 4 H bytes per layer once; no work; calibrated",
    formula =
        "keep of head g = protected + b - floor(b / beta) + floor(b / beta) L G S_g, S_g the "
            + "group mean of the scores, normalised over all heads; b = mean - protected",
    differs =
        "one number per KV head; the probe shows the model the answer (teacher forcing) and counts "
            + "every prompt, where the authors let it answer and count right answers only; its "
            + "prompts are up to 2048 tokens long, theirs 10,000; induction is RazorAttention's probe; surplus"
            + " goes back to the pool")
record HeadKv(
    @Param(
            value = "r2",
            doc =
                "what scores heads: copying, the right one of two facts, or repeated runs of tokens")
        HeadScores scores,
    @Param(value = "1.5", min = 1, max = 10_000, doc = "1 / beta of the pairs go to the pool")
        double beta)
    implements Budget, Calibrated {

  @Override
  public String defaultScorer() {
    return "snapkv(window=8,kernel=7,pool=max)"; // the authors' scripts
  }

  @Override
  public void allot(Allotment allotment) {
    int most = allotment.seen() - allotment.protectedPairs();
    int base = Math.min(most, allotment.mean() - allotment.protectedPairs());
    if (base < 1) {
      return; // nothing to divide beside what is protected
    }
    int pooled = (int) (base / beta);
    double[] pairs = divide(scores(allotment), base - pooled, pooled, most);
    int at = 0;
    for (int layer = 0; layer < allotment.to(); layer++) {
      int heads = allotment.place(layer).shape().kvHeads();
      for (int head = 0; head < heads && layer >= allotment.from(); head++) {
        int own = (int) Math.rint(pairs[at + head]);
        allotment.keep(layer, head, allotment.protectedPairs() + own);
      }
      at += heads;
    }
  }

  /** The scores of all KV heads of all compressible layers, one after the other. */
  private double[] scores(Allotment allotment) {
    DoubleStream.Builder all = DoubleStream.builder();
    for (int l = 0; l < allotment.layers(); l++) {
      KvLayer layer = allotment.place(l);
      float[] ofQueries =
          layer.model().calibrations().find(calibration()).array(layer.index(), HeadProbe.SCORES);
      int group = layer.shape().groupSize();
      for (int g = 0; g < layer.shape().kvHeads(); g++) {
        double sum = 0;
        for (int h = g * group; h < (g + 1) * group; h++) {
          sum += ofQueries[h];
        }
        all.add(sum / group);
      }
    }
    return all.build().toArray();
  }

  /**
   * Pairs of every head: the floor that all have, and its part of a pool of {@code pooled} a head.
   * The heads are served by falling score, so what one cannot take is left for those after it.
   *
   * @param scores none negative; without any above 0 all heads get the same
   * @param most that a head can take
   */
  static double[] divide(double[] scores, int floor, int pooled, int most) {
    double pool = (double) pooled * scores.length;
    double open = Arrays.stream(scores).sum();
    int left = scores.length;
    double[] pairs = new double[scores.length];
    int[] falling =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i : falling) {
      double share = scores[i] > 0 ? scores[i] / open : 1.0 / left;
      double part = Math.min(most - floor, pool * share);
      pairs[i] = floor + part;
      pool -= part;
      open -= scores[i];
      left--;
    }
    return pairs;
  }

  @Override
  public String calibration() {
    return "headkv(scores=" + scores.name().toLowerCase(Locale.ROOT) + ")";
  }

  @Override
  public Reading reading() {
    return scores.reading();
  }

  @Override
  public Calibrator calibrator(CalibrationText text) {
    List<? extends ProbePrompt> prompts = scores.prompts(text);
    return Calibrator.of(
        prompts.stream().map(ProbePrompt::ids).toList(),
        layer -> new HeadProbe(prompts, layer.shape()));
  }
}
