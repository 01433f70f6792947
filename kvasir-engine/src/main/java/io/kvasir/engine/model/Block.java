package io.kvasir.engine.model;

import io.kvasir.kernel.Workers;

/**
 * A layer on rows of f32. Products run over output elements, the rest over rows; each row's
 * arithmetic is its own, so neither tile nor threads change a bit.
 */
final class Block implements Layer {
  private final int hidden;
  private final int ffn;
  private final LayerWeights weights;
  private final LayerRows each;
  private final Workers workers;

  Block(ModelConfig config, LayerWeights weights, LayerRows each, Workers workers) {
    this.hidden = config.hidden();
    this.ffn = config.ffn();
    this.weights = weights;
    this.each = each;
    this.workers = workers;
  }

  @Override
  public void project(float[] x, int rows, Tile tile) {
    workers.run(
        rows, (t, thread) -> weights.attentionNorm().apply(x, t * hidden, tile.hidden, t * hidden));
    weights.query().multiply(tile.hidden, rows, tile.query, workers);
    weights.key().multiply(tile.hidden, rows, tile.key, workers);
    weights.value().multiply(tile.hidden, rows, tile.value, workers);
    workers.run(rows, (t, thread) -> each.turn(tile, t));
  }

  @Override
  public void finish(float[] x, int rows, Tile tile) {
    weights.output().multiply(tile.attended, rows, tile.hidden, workers);
    workers.run(
        rows,
        (t, thread) -> {
          each.addAttention(tile, x, t);
          weights.ffnNorm().apply(x, t * hidden, tile.hidden, t * hidden);
        });
    weights.gate().multiply(tile.hidden, rows, tile.gate, workers);
    weights.up().multiply(tile.hidden, rows, tile.up, workers);
    workers.run(
        rows,
        (t, thread) ->
            each.gate().apply(tile.gate, t * ffn, tile.up, t * ffn, tile.gate, t * ffn, ffn));
    weights.down().multiply(tile.gate, rows, tile.hidden, workers);
    workers.run(rows, (t, thread) -> each.addFfn(tile, x, t));
  }
}
