package io.kvasir.kv.score;

import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Param;
import io.kvasir.kv.Protection;
import io.kvasir.kv.Rows;
import io.kvasir.kv.Signals;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * LagKV: the text after a token tells how unusual the token is. Keys and values of a partition are
 * measured on the range that each channel has in the next partition; a pair whose channels then
 * spread widely stays.
 *
 * <p>Paper: Liang et al. 2025, arXiv:2504.04704. Code: AI-Lab-China-Merchants-Bank/LagKV.
 *
 * <p>The last whole partition has no successor: it and what follows are the tail, which stays. A
 * rank counts from the best of its partition, so that pairs which survived a cut stand no worse at
 * the next one, and partitions are never thinned twice.
 */
@KvMethod(
    value = "lagkv",
    summary = "pairs whose channels spread widely on the range of the next partition stay",
    about =
        "A prompt is cut into partitions, and each is measured by the next: a pair whose "
            + "channels spread widely over the range of the tokens that follow says what those do "
            + "not repeat. Keys and values both count, queries and attention do not. Every "
            + "partition loses the same share, the last one stays. Goes with every budget but "
            + "prefixkv, and with codecs that let single pairs go.",
    source = "Liang et al. 2025, arXiv:2504.04704; kvpress LagKVPress",
    cost = "0 bytes; two passes over keys and values",
    formula =
        "u[j] = std over d of (x_jd - min_d) / (max_d - min_d), min and max over the next lag "
            + "positions; s[j] = softmax of u in j's partition, keys + values; score[j] = rank of "
            + "s[j] in its partition / lag; sinks and tail are protected",
    differs =
        "keep counts sinks and tail, as in kvpress, where the authors keep a share of each partition "
            + "beside them; too short a prompt keeps its newest pairs, as in kvpress; channels that "
            + "are constant in the next partition are left out")
record LagKv(
    @Param(value = "128", min = 2, max = 65_536, doc = "positions of a partition") int lag,
    @Param(value = "4", min = 0, max = 4096, doc = "first tokens that always stay") int sinks,
    @Param(value = "partition", doc = "whether pairs compete by rank, or across partitions by s")
        Among among)
    implements Scorer {

  enum Among {
    PARTITION,
    ALL
  }

  @Override
  public Signals needs() {
    return Signals.of(Signals.Kind.ROPED_KEYS, Signals.Kind.VALUES);
  }

  @Override
  public Protection protects(CutPoint at) {
    return new Protection(sinks, at.seen() - tail(at.seen()));
  }

  /** The first position without a whole partition after its own. */
  private int tail(int seen) {
    int whole = Math.max(0, seen - sinks) / lag;
    return Math.min(seen, sinks + Math.max(0, whole - 1) * lag);
  }

  @Override
  public void score(LayerView layer, float[][] scores) {
    int tail = tail(layer.seen());
    layer.heads(
        g -> {
          int from = slot(layer, g, 0, sinks);
          int to = slot(layer, g, from, sinks + lag);
          for (int start = sinks; start < tail; start += lag) {
            int end = slot(layer, g, to, start + 2 * lag);
            double[] s = softmax(spread(layer.keys(g), from, to, end));
            double[] ofValues = softmax(spread(layer.values(g), from, to, end));
            Arrays.setAll(s, i -> s[i] + ofValues[i]);
            write(s, scores[g], from);
            from = to;
            to = end;
          }
        });
  }

  /** The first slot from {@code slot} on whose pair stands at {@code position} or later. */
  private static int slot(LayerView layer, int g, int slot, int position) {
    int at = slot;
    while (at < layer.stored(g) && layer.position(g, at) < position) {
      at++;
    }
    return at;
  }

  /** Standard deviations over channels of rows [from, to), scaled by the ranges of [to, end). */
  private static double[] spread(Rows rows, int from, int to, int end) {
    float[] row = new float[rows.dim()];
    float[] min = new float[row.length];
    float[] max = new float[row.length];
    Arrays.fill(min, Float.POSITIVE_INFINITY);
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    for (int next = to; next < end; next++) {
      rows.read(next, row, 0);
      for (int d = 0; d < row.length; d++) {
        min[d] = Math.min(min[d], row[d]);
        max[d] = Math.max(max[d], row[d]);
      }
    }
    int[] channels = IntStream.range(0, row.length).filter(d -> max[d] > min[d]).toArray();
    double[] z = new double[channels.length];
    double[] spread = new double[to - from];
    for (int i = 0; i < spread.length; i++) {
      rows.read(from + i, row, 0);
      for (int c = 0; c < z.length; c++) {
        int d = channels[c];
        z[c] = ((double) row[d] - min[d]) / ((double) max[d] - min[d]);
      }
      spread[i] = deviation(z);
    }
    return spread;
  }

  /** Unbiased; 0 for fewer than two numbers. */
  private static double deviation(double[] z) {
    double sum = 0;
    for (double x : z) {
      sum += x;
    }
    double mean = sum / z.length;
    double squares = 0;
    for (double x : z) {
      squares += (x - mean) * (x - mean);
    }
    return z.length < 2 ? 0 : Math.sqrt(squares / (z.length - 1));
  }

  private static double[] softmax(double[] u) {
    double max = Arrays.stream(u).max().orElse(0);
    double[] weights = Arrays.stream(u).map(x -> Math.exp(x - max)).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / sum).toArray();
  }

  private void write(double[] s, float[] scores, int from) {
    if (among == Among.ALL) {
      for (int i = 0; i < s.length; i++) {
        scores[from + i] = (float) s[i];
      }
      return;
    }
    int[] best =
        IntStream.range(0, s.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -s[i]))
            .mapToInt(i -> i)
            .toArray();
    for (int rank = 0; rank < best.length; rank++) {
      scores[from + best[rank]] = (float) (lag - 1 - rank) / lag;
    }
  }
}
