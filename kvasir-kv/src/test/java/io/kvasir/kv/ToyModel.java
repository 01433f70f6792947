package io.kvasir.kv;

import io.kvasir.kernel.Rotary;
import io.kvasir.kernel.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A "model" whose queries, keys and values are random but fixed by (layer, position), so that a
 * cache can be driven through prefill and decoding without weights. Outputs of a token are the
 * attention outputs of its last layer.
 */
final class ToyModel implements AutoCloseable {
  final KvShape shape;
  final KvModel model;
  final PagePool pool = new PagePool();
  final Workers workers;
  final Attention attention;
  private final long seed;
  private final Arithmetic arithmetic;

  ToyModel(long seed, int threads, LayerShape... layers) {
    this(seed, threads, Arithmetic.EXACT, layers);
  }

  ToyModel(long seed, int threads, Arithmetic arithmetic, LayerShape... layers) {
    this.seed = seed;
    this.arithmetic = arithmetic;
    this.shape = new KvShape(List.of(layers));
    List<Rotary> rotaries = Arrays.stream(layers).map(ToyModel::rotary).toList();
    KvModel bare = new KvModel(shape, rotaries, Calibrations.NONE);
    this.model = new KvModel(shape, rotaries, new ToyCalibrations(bare, seed));
    this.workers = new Workers(threads);
    this.attention = new Attention(workers);
  }

  private static Rotary rotary(LayerShape layer) {
    return new Rotary(Rotary.Pairs.HALVES, layer.keyDim(), 10_000, new float[0], 1, 4096);
  }

  static LayerShape[] layers(int count, int queryHeads, int kvHeads, int dim) {
    LayerShape[] layers = new LayerShape[count];
    Arrays.fill(layers, LayerShape.full(queryHeads, kvHeads, dim));
    return layers;
  }

  float[] q(int layer, int position) {
    LayerShape s = shape.layer(layer);
    return gaussian(layer, position, 0, s.queryHeads() * s.keyDim(), 2f);
  }

  float[] k(int layer, int position) {
    LayerShape s = shape.layer(layer);
    return gaussian(layer, position, 1, s.kvHeads() * s.keyDim(), 1f);
  }

  float[] v(int layer, int position) {
    LayerShape s = shape.layer(layer);
    return gaussian(layer, position, 2, s.kvHeads() * s.valueDim(), 1f);
  }

  KvCache cache(String plan) {
    return cache(KvPlan.parse(plan));
  }

  KvCache cache(KvPlan plan) {
    return KvCache.create(plan, model, pool);
  }

  /** Reads {@code tokens} exactly into the caches, in tiles; returns the last layer's outputs. */
  float[][] prefill(int tokens, int tile, KvCache... caches) {
    float[][] outputs = new float[tokens][];
    try (Prefill prefill = new Prefill(List.of(caches), tokens, arithmetic, attention, workers)) {
      for (int l = 0; l < shape.layers().size(); l++) {
        for (int from = 0; from < tokens; from += tile) {
          int rows = Math.min(tile, tokens - from);
          scatter(pass(prefill, l, from, rows), outWidth(l), outputs, from, rows);
        }
        prefill.endLayer(l);
      }
      for (HeldPrompt held : prefill.heldPrompts()) {
        replay(held, tokens);
      }
      prefill.finish();
    }
    return outputs;
  }

  /**
   * Chunks are replayed by the rows that would follow the prompt, one more than they have pairs.
   */
  private void replay(HeldPrompt held, int tokens) {
    for (int from = 0; from < tokens; from += held.replay().chunk()) {
      int to = Math.min(tokens, from + held.replay().chunk());
      try (KvCache reading = held.reading(from, to)) {
        step(to - from + 1, reading);
      }
    }
  }

  /** Passes rows {@code from ..} of a prompt through a layer, [rows][H*D]. */
  float[] pass(Prefill prefill, int layer, int from, int rows) {
    prefill.append(layer, rows, rows(layer, from, rows, 1), rows(layer, from, rows, 2));
    float[] out = new float[rows * outWidth(layer)];
    prefill.attend(layer, from, rows, rows(layer, from, rows, 0), out);
    return out;
  }

  /**
   * Reads {@code tokens} in steps, as {@link PrefillMode} says; returns the last token's output.
   */
  float[] read(PrefillMode mode, int tokens, KvCache cache) {
    float[] last = {};
    for (int read = 0; read < tokens; ) {
      int end = read + mode.tokensAtOnce(tokens - read);
      while (read < end) {
        int rows = cache.rowsAtOnce(end - read);
        last = step(rows, cache)[0][rows - 1];
        read += rows;
      }
      cache.endChunk(workers);
    }
    cache.endPrompt(workers);
    return last;
  }

  /** Passes the next {@code rows} tokens of every cache in one batch; outputs per cache and row. */
  float[][][] step(int rows, KvCache... caches) {
    return step(Arithmetic.EXACT, rows, caches);
  }

  float[][][] step(Arithmetic arithmetic, int rows, KvCache... caches) {
    List<Attention.Span> spans = new ArrayList<>();
    for (int c = 0; c < caches.length; c++) {
      spans.add(new Attention.Span(caches[c], c * rows, rows, caches[c].seen(), arithmetic));
    }
    float[][][] outputs = new float[caches.length][rows][];
    for (int l = 0; l < shape.layers().size(); l++) {
      float[][] parts = new float[3][];
      for (int kind = 0; kind < 3; kind++) {
        List<float[]> all = new ArrayList<>();
        for (Attention.Span span : spans) {
          all.add(rows(l, span.position(), rows, kind));
        }
        parts[kind] = join(all);
      }
      float[] out = new float[caches.length * rows * outWidth(l)];
      attention.pass(l, spans, parts[0], parts[1], parts[2], out);
      for (int c = 0; c < caches.length; c++) {
        for (int r = 0; r < rows; r++) {
          outputs[c][r] = new float[outWidth(l)];
          System.arraycopy(out, (c * rows + r) * outWidth(l), outputs[c][r], 0, outWidth(l));
        }
      }
    }
    for (KvCache cache : caches) {
      cache.endStep(workers);
    }
    return outputs;
  }

  /** Softmax attention in f64 over the positions that a head holds, for one query head. */
  double[] naive(int layer, int queryHead, int position, int[] positions) {
    LayerShape s = shape.layer(layer);
    int g = queryHead / s.groupSize();
    float[][] keys = new float[positions.length][];
    float[][] values = new float[positions.length][];
    for (int i = 0; i < positions.length; i++) {
      keys[i] = part(k(layer, positions[i]), g, s.keyDim());
      values[i] = part(v(layer, positions[i]), g, s.valueDim());
    }
    return attention(part(q(layer, position), queryHead, s.keyDim()), s.scale(), keys, values);
  }

  /** Softmax weights in f64 of the query at {@code position} over all keys up to it. */
  double[] weights(int layer, int queryHead, int position) {
    double[] weights = logits(layer, queryHead, position);
    double sum = 0;
    for (int p = 0; p <= position; p++) {
      weights[p] = Math.exp(weights[p]);
      sum += weights[p];
    }
    for (int p = 0; p <= position; p++) {
      weights[p] /= sum;
    }
    return weights;
  }

  /** Scaled logits in f64 of the query at {@code position} over all keys up to it. */
  double[] logits(int layer, int queryHead, int position) {
    LayerShape s = shape.layer(layer);
    float[] query = part(q(layer, position), queryHead, s.keyDim());
    double[] logits = new double[position + 1];
    for (int p = 0; p <= position; p++) {
      float[] key = part(k(layer, p), queryHead / s.groupSize(), s.keyDim());
      for (int d = 0; d < key.length; d++) {
        logits[p] += (double) query[d] * key[d] * s.scale();
      }
    }
    return logits;
  }

  /** Softmax attention in f64 of one query over n pairs: keys [n][D], values [n][D]. */
  static double[] attention(float[] query, float scale, float[][] keys, float[][] values) {
    double[] weights = new double[keys.length];
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < keys.length; i++) {
      double dot = 0;
      for (int d = 0; d < query.length; d++) {
        dot += (double) query[d] * keys[i][d];
      }
      weights[i] = dot * scale;
      max = Math.max(max, weights[i]);
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp(weights[i] - max);
      sum += weights[i];
    }
    double[] out = new double[values[0].length];
    for (int i = 0; i < values.length; i++) {
      for (int d = 0; d < out.length; d++) {
        out[d] += weights[i] / sum * values[i][d];
      }
    }
    return out;
  }

  private static float[] part(float[] row, int index, int width) {
    return Arrays.copyOfRange(row, index * width, (index + 1) * width);
  }

  @Override
  public void close() {
    workers.close();
    pool.close();
  }

  private int outWidth(int layer) {
    return shape.layer(layer).queryHeads() * shape.layer(layer).valueDim();
  }

  private float[] rows(int layer, int from, int rows, int kind) {
    List<float[]> all = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      all.add(
          switch (kind) {
            case 0 -> q(layer, from + r);
            case 1 -> k(layer, from + r);
            default -> v(layer, from + r);
          });
    }
    return join(all);
  }

  private static float[] join(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(p -> p.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static void scatter(float[] out, int width, float[][] outputs, int from, int rows) {
    for (int r = 0; r < rows; r++) {
      outputs[from + r] = new float[width];
      System.arraycopy(out, r * width, outputs[from + r], 0, width);
    }
  }

  private float[] gaussian(int layer, int position, int kind, int n, float scale) {
    Random random = new Random(seed * 31 + layer * 1_000_003L + position * 7L + kind);
    random.nextLong();
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }
}
