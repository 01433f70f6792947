package io.kvasir.engine.model;

import io.kvasir.kernel.Bf16Products;
import io.kvasir.kernel.Bf16Rows;
import io.kvasir.kernel.Rows;
import io.kvasir.kernel.Workers;

/**
 * A layer on prompt rows, its products in bf16: what enters a matrix is rounded to bf16, once;
 * sums, and all that happens between products, are f32.
 */
final class PromptBlock implements Layer {
  private final int hidden;
  private final int attended;
  private final LayerWeights weights;
  private final LayerRows each;
  private final Bf16Products products;
  private final Rounded rounded;
  private final Workers workers;

  /** What enters matrices, for a tile; all layers share one. */
  static final class Rounded {
    private final ModelConfig config;
    private Bf16Rows hidden = new Bf16Rows(0, 1); // [T][hidden]
    private Bf16Rows attended = hidden; // [T][H*D]
    private Bf16Rows gated = hidden; // [T][ffn]

    Rounded(ModelConfig config) {
      this.config = config;
    }

    private void reserve(int rows) {
      if (hidden.rows() < rows) {
        hidden = new Bf16Rows(rows, config.hidden());
        attended = new Bf16Rows(rows, config.layers().getFirst().outputWidth());
        gated = new Bf16Rows(rows, config.ffn());
      }
    }
  }

  PromptBlock(
      ModelConfig config,
      LayerWeights weights,
      LayerRows each,
      Bf16Products products,
      Rounded rounded,
      Workers workers) {
    this.hidden = config.hidden();
    this.attended = config.layers().getFirst().outputWidth();
    this.weights = weights;
    this.each = each;
    this.products = products;
    this.rounded = rounded;
    this.workers = workers;
  }

  @Override
  public void project(float[] x, int rows, Tile tile) {
    rounded.reserve(rows);
    workers.run(rows, (t, thread) -> normed(weights.attentionNorm(), x, tile, t));
    multiply(weights.query(), rounded.hidden, rows, tile.query);
    multiply(weights.key(), rounded.hidden, rows, tile.key);
    multiply(weights.value(), rounded.hidden, rows, tile.value);
    workers.run(rows, (t, thread) -> each.turn(tile, t));
  }

  @Override
  public void finish(float[] x, int rows, Tile tile) {
    rounded.reserve(rows);
    workers.run(
        rows, (t, thread) -> rounded.attended.set(t, 0, tile.attended, t * attended, attended));
    multiply(weights.output(), rounded.attended, rows, tile.hidden);
    workers.run(
        rows,
        (t, thread) -> {
          each.addAttention(tile, x, t);
          normed(weights.ffnNorm(), x, tile, t);
        });
    products.gate(
        weights.gate().matrix(),
        weights.up().matrix(),
        each.gate(),
        rounded.hidden,
        rows,
        rounded.gated);
    multiply(weights.down(), rounded.gated, rows, tile.hidden);
    workers.run(rows, (t, thread) -> each.addFfn(tile, x, t));
  }

  private void multiply(Linear linear, Bf16Rows x, int rows, float[] y) {
    products.multiply(linear.matrix(), x, rows, Rows.of(y, linear.matrix().rows()));
  }

  /** Row t of x, normed and rounded; by way of the tile. */
  private void normed(Norm norm, float[] x, Tile tile, int t) {
    norm.apply(x, t * hidden, tile.hidden, t * hidden);
    rounded.hidden.set(t, 0, tile.hidden, t * hidden, hidden);
  }
}
