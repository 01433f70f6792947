package io.kvasir.engine.model;

import io.kvasir.kernel.PackedMatrix;
import io.kvasir.kernel.Products;
import io.kvasir.kernel.Workers;
import java.util.stream.Stream;

/**
 * A layer by the arithmetic of {@link Multiplier}. Products run over output elements, the rest over
 * rows; each row's arithmetic is its own, so neither tile nor threads change a bit.
 */
final class Block implements Layer {
  private final int hidden;
  private final int ffn;
  private final LayerWeights weights;
  private final LayerRows each;
  private final Workers workers;
  private final Multiplier multiplier;
  private final Products attentionInputs; // query, key, value
  private final Products attentionOutput;
  private final Products ffnInputs; // gate, up
  private final Products ffnOutput;

  Block(
      ModelConfig config,
      LayerWeights weights,
      LayerRows each,
      Multiplier multiplier,
      Workers workers) {
    this.hidden = config.hidden();
    this.ffn = config.ffn();
    this.weights = weights;
    this.each = each;
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

  @Override
  public void project(float[] x, int rows, Tile tile) {
    workers.run(
        rows, (t, thread) -> weights.attentionNorm().apply(x, t * hidden, tile.hidden, t * hidden));
    multiplier.multiply(attentionInputs, tile.hidden, rows, tile.query, tile.key, tile.value);
    workers.run(rows, (t, thread) -> each.turn(tile, t));
  }

  @Override
  public void finish(float[] x, int rows, Tile tile) {
    tile.reserveFfn(rows);
    multiplier.multiply(attentionOutput, tile.attended, rows, tile.hidden);
    workers.run(
        rows,
        (t, thread) -> {
          each.addAttention(tile, x, t);
          weights.ffnNorm().apply(x, t * hidden, tile.hidden, t * hidden);
        });
    multiplier.multiply(ffnInputs, tile.hidden, rows, tile.gate, tile.up);
    workers.run(
        rows,
        (t, thread) ->
            each.gate().apply(tile.gate, t * ffn, tile.up, t * ffn, tile.gate, t * ffn, ffn));
    multiplier.multiply(ffnOutput, tile.gate, rows, tile.hidden);
    workers.run(rows, (t, thread) -> each.addFfn(tile, x, t));
  }
}
