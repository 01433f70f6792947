package io.kvasir.engine.model;

import io.kvasir.kernel.Activations;
import io.kvasir.kernel.Floats;
import io.kvasir.kernel.PackedMatrix;
import io.kvasir.kernel.Products;
import io.kvasir.kernel.Rotary;
import io.kvasir.kernel.Workers;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One layer, on a tile of rows: {@link #project} before its attention, {@link #finish} after it.
 * Products run over output elements, the rest over rows; each row's arithmetic is its own, so
 * neither tile nor threads change a bit.
 */
final class Block {
  private final int hidden;
  private final int ffn;
  private final LayerConfig layer;
  private final LayerWeights weights;
  private final Rotary rotary;
  private final Gate gate;
  private final Workers workers;
  private final Multiplier multiplier;
  private final Products attentionInputs; // query, key, value
  private final Products attentionOutput;
  private final Products ffnInputs; // gate, up
  private final Products ffnOutput;

  /** {@code out = activation(gate) * up}, see {@link Activations}. */
  private interface Gate {
    void apply(float[] gate, int gateAt, float[] up, int upAt, float[] out, int outAt, int n);
  }

  Block(
      ModelConfig config,
      LayerConfig layer,
      LayerWeights weights,
      Rotary rotary,
      Multiplier multiplier,
      Workers workers) {
    this.hidden = config.hidden();
    this.ffn = config.ffn();
    this.layer = layer;
    this.weights = weights;
    this.rotary = rotary;
    this.gate = config.architecture().gatesWithGelu() ? Activations::geluTanh : Activations::silu;
    this.workers = workers;
    this.multiplier = multiplier;
    this.attentionInputs = products(weights.query(), weights.key(), weights.value());
    this.attentionOutput = products(weights.output());
    this.ffnInputs = products(weights.gate(), weights.up());
    this.ffnOutput = products(weights.down());
  }

  private static Products products(Linear... linears) {
    return new Products(Stream.of(linears).map(Linear::matrix).toArray(PackedMatrix[]::new));
  }

  /**
   * Fills the tile's queries, keys and values, rotated to the tile's positions.
   *
   * @param x hidden states, [rows][hidden]
   */
  void project(float[] x, int rows, Tile tile) {
    workers.run(
        rows, (t, thread) -> weights.attentionNorm().apply(x, t * hidden, tile.hidden, t * hidden));
    multiplier.multiply(attentionInputs, tile.hidden, rows, tile.query, tile.key, tile.value);
    int queryHeads = layer.attention().queryHeads();
    int kvHeads = layer.attention().kvHeads();
    workers.run(
        rows,
        (t, thread) -> {
          weights.query().addBias(tile.query, t);
          weights.key().addBias(tile.key, t);
          weights.value().addBias(tile.value, t);
          turn(tile.query, t, queryHeads, weights.queryNorm(), tile.positions[t]);
          turn(tile.key, t, kvHeads, weights.keyNorm(), tile.positions[t]);
        });
  }

  /** Adds to the hidden states what attention has found, then the feed-forward layer's answer. */
  void finish(float[] x, int rows, Tile tile) {
    multiplier.multiply(attentionOutput, tile.attended, rows, tile.hidden);
    workers.run(
        rows,
        (t, thread) -> {
          add(weights.postAttentionNorm(), tile.hidden, x, t * hidden);
          weights.ffnNorm().apply(x, t * hidden, tile.hidden, t * hidden);
        });
    multiplier.multiply(ffnInputs, tile.hidden, rows, tile.gate, tile.up);
    workers.run(
        rows,
        (t, thread) -> gate.apply(tile.gate, t * ffn, tile.up, t * ffn, tile.gate, t * ffn, ffn));
    multiplier.multiply(ffnOutput, tile.gate, rows, tile.hidden);
    workers.run(rows, (t, thread) -> add(weights.postFfnNorm(), tile.hidden, x, t * hidden));
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

  private void add(Optional<Norm> norm, float[] from, float[] x, int at) {
    if (norm.isPresent()) {
      norm.get().apply(from, at, from, at);
    }
    Floats.add(from, at, x, at, hidden);
  }
}
