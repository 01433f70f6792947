package io.kvasir.engine.model;

import io.kvasir.kernel.Activations;
import io.kvasir.kernel.Floats;
import io.kvasir.kernel.Rotary;
import java.util.Optional;

/** What a layer does between its products, to one row at a time, in f32 in every precision. */
final class LayerRows {
  private final int hidden;
  private final LayerConfig layer;
  private final LayerWeights weights;
  private final Rotary rotary;
  private final Activations.Gate gate;

  LayerRows(ModelConfig config, LayerConfig layer, LayerWeights weights, Rotary rotary) {
    this.hidden = config.hidden();
    this.layer = layer;
    this.weights = weights;
    this.rotary = rotary;
    this.gate = config.architecture().gatesWithGelu() ? Activations::geluTanh : Activations::silu;
  }

  /** The activation of the feed-forward layer. */
  Activations.Gate gate() {
    return gate;
  }

  /** Biases, norms and rotation of row t's queries, keys and values. */
  void turn(Tile tile, int t) {
    weights.query().addBias(tile.query, t);
    weights.key().addBias(tile.key, t);
    weights.value().addBias(tile.value, t);
    int queryHeads = layer.attention().queryHeads();
    int kvHeads = layer.attention().kvHeads();
    turn(tile.query, t, queryHeads, weights.queryNorm(), tile.positions[t]);
    turn(tile.key, t, kvHeads, weights.keyNorm(), tile.positions[t]);
  }

  private void turn(float[] heads, int t, int count, Optional<Norm> norm, int position) {
    int dim = layer.attention().keyDim();
    int at = t * count * dim;
    if (norm.isPresent()) {
      for (int h = 0; h < count; h++) {
        norm.get().apply(heads, at + h * dim, heads, at + h * dim);
      }
    }
    rotary.rotate(heads, at, count, dim, position);
  }

  /** Adds attention's answer for row t, in {@code tile.hidden}, to its hidden state in x. */
  void addAttention(Tile tile, float[] x, int t) {
    add(weights.postAttentionNorm(), tile.hidden, x, t * hidden);
  }

  /** Adds the feed-forward layer's answer for row t, in {@code tile.hidden}. */
  void addFfn(Tile tile, float[] x, int t) {
    add(weights.postFfnNorm(), tile.hidden, x, t * hidden);
  }

  private void add(Optional<Norm> norm, float[] from, float[] x, int at) {
    if (norm.isPresent()) {
      norm.get().apply(from, at, from, at);
    }
    Floats.add(from, at, x, at, hidden);
  }
}
