package io.kvasir.kv.score;

import io.kvasir.kernel.Exp;
import io.kvasir.kernel.Floats;
import io.kvasir.kernel.MeanRotation;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Param;
import io.kvasir.kv.Protection;
import io.kvasir.kv.QueryMoments;
import io.kvasir.kv.Rows;
import io.kvasir.kv.Signals;

/**
 * Expected Attention: queries to come are taken to be spread as those before were, which makes the
 * attention that a key will receive from them a closed formula.
 *
 * <p>Paper: Devoto, Jeblick, Jégou 2025, arXiv:2510.00636. Code: NVIDIA/kvpress.
 *
 * <p>For a Gaussian query, {@code log E exp(scale q k) = scale mean k + scale^2 k' cov k / 2}. Mean
 * and covariance are those of the queries before rotation, turned by the mean rotation of the next
 * positions.
 */
@KvMethod(
    value = "expected-attention",
    summary = "pairs stay that queries like the present ones will attend to",
    about =
        "What will tokens attend to that are not there yet? Queries of a head are taken to be "
            + "normally distributed; mean and covariance, turned to the positions to come, give a "
            + "key's expected weight in closed form, which counts as much as its value is long. "
            + "Made for prompts that are compressed before the question is known. Goes with every "
            + "budget, and with codecs that let single pairs go.",
    source = "Devoto, Jeblick, Jégou 2025, arXiv:2510.00636; kvpress ExpectedAttentionPress",
    cost =
        "4 H D (D + 2) bytes per layer while prompts are read; 2 N H D^2 multiplications per layer",
    formula =
        "m, S = mean, covariance of queries before rotation, both turned by the mean rotation of the "
            + "next positions; z[j] = m k_j / sqrt(D) + k_j' S k_j / 2D; score[j] = (group mean of "
            + "softmax(z)[j] + epsilon) |v_j|",
    differs =
        "the layer's own factor of q k, where kvpress has 1/sqrt(D) for every model; positions are "
            + "those of the sequence after a cut too; |v| as in kvpress, where the paper derives |W_O v|")
record ExpectedAttention(
    @Param(value = "512", min = 1, max = 1_000_000, doc = "positions to come that count")
        int future,
    @Param(value = "4", min = 0, max = 4096, doc = "first tokens that stay, and do not count")
        int sinks,
    @Param(value = "0", min = 0, doc = "attention that every pair receives; the mean is 1/N")
        double epsilon)
    implements Scorer {

  @Override
  public Signals needs() {
    return Signals.of(Signals.Kind.ROPED_KEYS, Signals.Kind.VALUES).queryMoments(sinks);
  }

  @Override
  public Protection protects(CutPoint at) {
    return Protection.sinks(sinks);
  }

  @Override
  public boolean additive() {
    return true;
  }

  @Override
  public void score(LayerView layer, float[][] scores) {
    MeanRotation turn = layer.model().layer(layer.layer()).rotary().mean(layer.seen(), future);
    int group = layer.shape().groupSize();
    layer.heads(
        g -> {
          int first = firstCounted(layer, g);
          int counted = layer.stored(g) - first;
          if (counted == 0) {
            return; // sinks alone
          }
          float[] attention = new float[counted];
          Keys keys = Keys.read(layer.keys(g));
          for (int h = g * group; h < (g + 1) * group; h++) {
            QueryMoments next = layer.queryMoments(h, sinks).turned(turn);
            float[] z = keys.exponents(next, layer.scale());
            float sum = Exp.softmax(z, first, counted, Floats.max(z, first, counted));
            Floats.axpy(1 / (sum * group), z, first, attention, 0, counted);
          }
          Rows values = layer.values(g);
          float[] value = new float[values.dim()];
          for (int i = 0; i < counted; i++) {
            values.read(first + i, value, 0);
            double norm = Math.sqrt(Floats.sumOfSquares(value, 0, value.length));
            scores[g][first + i] = (float) ((attention[i] + epsilon) * norm);
          }
        });
  }

  private int firstCounted(LayerView layer, int g) {
    int slot = 0;
    while (slot < layer.stored(g) && layer.position(g, slot) < sinks) {
      slot++;
    }
    return slot;
  }

  /** Stored keys, and the same as an array, [N][D]. */
  private record Keys(Rows rows, float[] all) {
    static Keys read(Rows rows) {
      float[] all = new float[rows.count() * rows.dim()];
      for (int slot = 0; slot < rows.count(); slot++) {
        rows.read(slot, all, slot * rows.dim());
      }
      return new Keys(rows, all);
    }

    /** {@code z[j] = scale m k_j + scale^2 k_j' S k_j / 2}. */
    float[] exponents(QueryMoments queries, float scale) {
      int dim = rows.dim();
      float[] z = new float[rows.count()];
      rows.dots(floats(queries.mean(), 0, dim), 0, z);
      Floats.scale(scale, z, 0, z.length);
      float[] ofRow = new float[z.length];
      for (int i = 0; i < dim; i++) {
        rows.dots(floats(queries.covariance(), i * dim, dim), 0, ofRow);
        for (int slot = 0; slot < z.length; slot++) {
          z[slot] += scale * scale / 2 * all[slot * dim + i] * ofRow[slot];
        }
      }
      return z;
    }

    private static float[] floats(double[] from, int at, int count) {
      float[] to = new float[count];
      for (int i = 0; i < count; i++) {
        to[i] = (float) from[at + i];
      }
      return to;
    }
  }
}
