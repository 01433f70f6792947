package io.kvasir.engine.model;

import io.kvasir.kernel.Bf16Products;
import io.kvasir.kernel.Bf16Rows;
import io.kvasir.kernel.Rows;
import io.kvasir.kernel.Workers;
import java.util.function.IntConsumer;

/**
 * A layer on prompt rows, its products in bf16: what enters a matrix is rounded to bf16, once;
 * sums, and all that happens between products, are f32.
 */
final class PromptBlock implements Layer {
  /** Rows between products take a microsecond each, no more than claiming a task may. */
  private static final int ROWS_PER_TASK = 8;

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
    rowByRow(rows, t -> normed(weights.attentionNorm(), x, tile, t));
    products.multiply(
        rounded.hidden,
        rows,
        product(weights.query(), tile.query),
        product(weights.key(), tile.key),
        product(weights.value(), tile.value));
    rowByRow(rows, t -> each.turn(tile, t));
  }

  @Override
  public void finish(float[] x, int rows, Tile tile) {
    rounded.reserve(rows);
    rowByRow(rows, t -> rounded.attended.set(t, 0, tile.attended, t * attended, attended));
    products.multiply(rounded.attended, rows, product(weights.output(), tile.hidden));
    rowByRow(
        rows,
        t -> {
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
    products.multiply(rounded.gated, rows, product(weights.down(), tile.hidden));
    rowByRow(rows, t -> each.addFfn(tile, x, t));
  }

  private static Bf16Products.Product product(Linear linear, float[] y) {
    return new Bf16Products.Product(linear.matrix(), Rows.of(y, linear.matrix().rows()));
  }

  private void rowByRow(int rows, IntConsumer row) {
    workers.run(
        Math.ceilDiv(rows, ROWS_PER_TASK),
        (task, thread) -> {
          int end = Math.min(rows, (task + 1) * ROWS_PER_TASK);
          for (int t = task * ROWS_PER_TASK; t < end; t++) {
            row.accept(t);
          }
        });
  }

  /** Row t of x, normed and rounded; by way of the tile. */
  private void normed(Norm norm, float[] x, Tile tile, int t) {
    norm.apply(x, t * hidden, tile.hidden, t * hidden);
    rounded.hidden.set(t, 0, tile.hidden, t * hidden, hidden);
  }
}
