package io.kvasir.kv;

import io.kvasir.kernel.GumbelRef;
import io.kvasir.kernel.Rotary;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A layer whose tensors are plain arrays, for methods to be tested on. Every token has a query;
 * pairs may have been dropped. It shows the signals of {@code shown} and no others.
 *
 * @param keys [G][N*D], all tokens, dropped or not; values alike
 * @param queries [H][N*D]
 * @param positions [G][stored], ascending
 */
@SuppressWarnings("ArrayRecordComponent") // the arrays are the tensors
public record ArrayLayerView(
    int layer,
    LayerShape shape,
    int seen,
    float[][] keys,
    float[][] values,
    float[][] queries,
    int[][] positions,
    Signals shown,
    Calibrations calibrations)
    implements LayerView {

  /** A layer of a model of which nothing was learned. */
  public ArrayLayerView(
      int layer,
      LayerShape shape,
      int seen,
      float[][] keys,
      float[][] values,
      float[][] queries,
      int[][] positions,
      Signals shown) {
    this(layer, shape, seen, keys, values, queries, positions, shown, Calibrations.NONE);
  }

  /** The same layer, of a model of which something was learned. */
  public ArrayLayerView calibrated(Calibrations learned) {
    return new ArrayLayerView(layer, shape, seen, keys, values, queries, positions, shown, learned);
  }

  /** As many layers of this shape as there must be, rotated as qwen2's. */
  @Override
  public KvModel model() {
    Rotary rotary = new Rotary(Rotary.Pairs.HALVES, shape.keyDim(), 10_000, new float[0], 1, 4096);
    int layers = layer + 1;
    return new KvModel(
        new KvShape(Collections.nCopies(layers, shape)),
        Collections.nCopies(layers, rotary),
        calibrations);
  }

  /** A layer of {@code seen} tokens with normal random numbers; nothing was dropped. */
  public static ArrayLayerView random(long seed, LayerShape shape, int seen, Signals shown) {
    Random random = new Random(seed);
    int dim = shape.keyDim();
    return new ArrayLayerView(
        3,
        shape,
        seen,
        gaussian(random, shape.kvHeads(), seen * dim),
        gaussian(random, shape.kvHeads(), seen * dim),
        gaussian(random, shape.queryHeads(), seen * dim),
        everything(shape.kvHeads(), seen),
        shown);
  }

  private static float[][] gaussian(Random random, int rows, int width) {
    float[][] out = new float[rows][width];
    for (float[] row : out) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return out;
  }

  static int[][] everything(int heads, int seen) {
    int[][] positions = new int[heads][];
    for (int g = 0; g < heads; g++) {
      positions[g] = IntStream.range(0, seen).toArray();
    }
    return positions;
  }

  /**
   * The same layer after an eviction that kept the newest and, of the rest, other ones per head.
   */
  public ArrayLayerView ragged(int newest) {
    int[][] kept = new int[positions.length][];
    for (int g = 0; g < kept.length; g++) {
      int step = g + 2;
      kept[g] = IntStream.range(0, seen).filter(p -> p % step == 0 || p >= seen - newest).toArray();
    }
    return new ArrayLayerView(layer, shape, seen, keys, values, queries, kept, shown, calibrations);
  }

  /** The same layer with every key equal: all scores that look at keys tie. */
  public ArrayLayerView tied() {
    float[][] same = new float[keys.length][keys[0].length];
    for (int g = 0; g < same.length; g++) {
      for (int i = 0; i < same[g].length; i++) {
        same[g][i] = keys[g][i % shape.keyDim()];
      }
    }
    return new ArrayLayerView(
        layer, shape, seen, same, values, queries, positions, shown, calibrations);
  }

  /** Key of a stored pair, channel {@code d}. */
  public double key(int g, int slot, int d) {
    return keys[g][positions[g][slot] * shape.keyDim() + d];
  }

  /** Value of a stored pair, channel {@code d}. */
  public double value(int g, int slot, int d) {
    return values[g][positions[g][slot] * shape.valueDim() + d];
  }

  /** Causal softmax row of the query at {@code position} over the stored pairs, in double. */
  public double[] attention(int h, int position) {
    return attention(h, position, positions[h / shape.groupSize()]);
  }

  private double[] attention(int h, int position, int[] stored) {
    int dim = shape.keyDim();
    float[] key = keys[h / shape.groupSize()];
    double[] row = new double[stored.length];
    double sum = 0;
    for (int slot = 0; slot < stored.length && stored[slot] <= position; slot++) {
      double dot = 0;
      for (int d = 0; d < dim; d++) {
        dot += (double) queries[h][position * dim + d] * key[stored[slot] * dim + d];
      }
      row[slot] = Math.exp(dot * shape.scale());
      sum += row[slot];
    }
    for (int slot = 0; slot < row.length; slot++) {
      row[slot] /= sum;
    }
    return row;
  }

  @Override
  public int stored(int g) {
    return positions[g].length;
  }

  @Override
  public int position(int g, int slot) {
    return positions[g][slot];
  }

  @Override
  public Rows keys(int g) {
    demand(Signals.Kind.ROPED_KEYS);
    return new ArrayRows(keys[g], positions[g], shape.keyDim());
  }

  @Override
  public Rows values(int g) {
    demand(Signals.Kind.VALUES);
    return new ArrayRows(values[g], positions[g], shape.valueDim());
  }

  @Override
  public int recentQueries() {
    demand(Signals.Kind.RECENT_QUERIES);
    return Math.min(seen, shown.recentQueries());
  }

  @Override
  public int recentQuery(int h, int i, float[] out, int at) {
    int position = seen - recentQueries() + i;
    System.arraycopy(queries[h], position * shape.keyDim(), out, at, shape.keyDim());
    return position;
  }

  @Override
  public QueryMoments queryMoments(int h, int from) {
    demand(Signals.Kind.QUERY_MOMENTS);
    if (!shown.momentsFrom().contains(from)) {
      throw new AssertionError("looks at queries from " + from + " but declares " + shown);
    }
    int dim = shape.keyDim();
    int count = seen - from;
    double[] mean = new double[dim];
    double[] covariance = new double[dim * dim];
    for (int t = from; t < seen; t++) {
      double[] query = unrotatedQuery(h, t);
      for (int i = 0; i < dim; i++) {
        mean[i] += query[i] / count;
        for (int j = 0; j < dim; j++) {
          covariance[i * dim + j] += query[i] * query[j] / count;
        }
      }
    }
    for (int i = 0; i < dim; i++) {
      for (int j = 0; j < dim; j++) {
        covariance[i * dim + j] -= mean[i] * mean[j];
      }
    }
    return new QueryMoments(mean, covariance);
  }

  /** The query at {@code position} turned back, in double; channels i and i + D/2 are a pair. */
  public double[] unrotatedQuery(int h, int position) {
    int half = shape.keyDim() / 2;
    double[] query = new double[2 * half];
    for (int i = 0; i < half; i++) {
      double angle = -position * Math.pow(10_000, -2.0 * i / shape.keyDim());
      double a = queries[h][position * 2 * half + i];
      double b = queries[h][position * 2 * half + half + i];
      query[i] = a * Math.cos(angle) - b * Math.sin(angle);
      query[half + i] = b * Math.cos(angle) + a * Math.sin(angle);
    }
    return query;
  }

  /** As if nothing had been dropped before the last query. */
  @Override
  public float attentionMass(int g, int slot) {
    demand(Signals.Kind.ATTENTION_MASS);
    return (float) mass(g, positions[g][slot]);
  }

  /** As if all queries were the prompt's, and nothing had been dropped. */
  @Override
  public float noisedMass(int g, int slot, AttentionNoise noise) {
    demand(Signals.Kind.NOISED_MASS);
    int position = positions[g][slot];
    int group = shape.groupSize();
    double sum = 0;
    for (int h = g * group; h < (g + 1) * group; h++) {
      for (int t = position; t < seen; t++) {
        double all = 0;
        for (int p = 0; p <= t; p++) {
          all += Math.exp(noised(h, t, p, noise));
        }
        sum += Math.exp(noised(h, t, position, noise)) / all;
      }
    }
    return (float) (sum / group);
  }

  /** The layer's own queries stand for those of a replay: all of them see all keys. */
  @Override
  public float replayed(int g, int slot) {
    demand(Signals.Kind.REPLAY);
    double most = 0;
    for (int h = g * shape.groupSize(); h < (g + 1) * shape.groupSize(); h++) {
      most = Math.max(most, attention(h, seen - 1)[slot]);
    }
    return (float) most;
  }

  private double noised(int h, int query, int position, AttentionNoise noise) {
    int dim = shape.keyDim();
    double dot = 0;
    for (int d = 0; d < dim; d++) {
      dot += (double) queries[h][query * dim + d] * keys[h / shape.groupSize()][position * dim + d];
    }
    double drawn = noise.gumbel() ? GumbelRef.draw(noise.key(layer, h, query), position) : 0;
    return (dot * shape.scale() + drawn) / noise.temperature(0);
  }

  /** Sum over all queries of the group's mean weight of the key at {@code position}, in double. */
  public double mass(int g, int position) {
    int[] all = IntStream.range(0, seen).toArray();
    int group = shape.groupSize();
    double sum = 0;
    for (int h = g * group; h < (g + 1) * group; h++) {
      for (int t = position; t < seen; t++) {
        sum += attention(h, t, all)[position];
      }
    }
    return sum / group;
  }

  private void demand(Signals.Kind kind) {
    if (!shown.needs(kind)) {
      throw new AssertionError("looks at " + kind + " but declares " + shown);
    }
  }

  private record ArrayRows(float[] data, int[] positions, int dim) implements Rows {
    @Override
    public int count() {
      return positions.length;
    }

    @Override
    public void read(int slot, float[] out, int at) {
      System.arraycopy(data, positions[slot] * dim, out, at, dim);
    }

    @Override
    public void dots(float[] q, int qAt, float[] out) {
      for (int slot = 0; slot < positions.length; slot++) {
        float sum = 0;
        for (int d = 0; d < dim; d++) {
          sum += q[qAt + d] * data[positions[slot] * dim + d];
        }
        out[slot] = sum;
      }
    }
  }
}
