package io.kvasir.kv.score;

import io.kvasir.kernel.Rotary;
import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.Signals;
import java.util.stream.IntStream;

/**
 * A small layer with tensors from a formula, for which scores were computed elsewhere in double: N
 * = 12, D = 4, one KV head, two query heads.
 */
final class Golden {
  private static final int TOKENS = 12;
  private static final int DIM = 4;

  private Golden() {}

  static ArrayLayerView layer(Signals shown) {
    float[] keys = new float[TOKENS * DIM];
    float[] values = new float[TOKENS * DIM];
    float[][] queries = new float[2][TOKENS * DIM];
    for (int n = 0; n < TOKENS; n++) {
      for (int d = 0; d < DIM; d++) {
        int i = n * DIM + d;
        keys[i] = (float) (Math.sin(0.7 * n + 1.3 * d + 1) * (1 + 0.1 * (n % 3)));
        values[i] = (float) (Math.cos(0.5 * n + 0.9 * d) * (1 + 0.2 * (n % 4)));
        for (int h = 0; h < 2; h++) {
          queries[h][i] = (float) (1.5 * Math.sin(0.3 * n + 1.1 * d + 0.5 * h + 0.2));
        }
      }
    }
    int[][] positions = {IntStream.range(0, TOKENS).toArray()};
    return new ArrayLayerView(
        0,
        LayerShape.full(2, 1, DIM),
        TOKENS,
        new float[][] {keys},
        new float[][] {values},
        queries,
        positions,
        shown);
  }

  /** The layer whose queries, before their rotation, are those of {@link #layer}. */
  static ArrayLayerView rotated(Signals shown) {
    ArrayLayerView layer = layer(shown);
    Rotary rotary = layer.model().layer(0).rotary();
    for (float[] head : layer.queries()) {
      for (int n = 0; n < TOKENS; n++) {
        rotary.rotate(head, n * DIM, 1, DIM, n);
      }
    }
    return layer;
  }
}
