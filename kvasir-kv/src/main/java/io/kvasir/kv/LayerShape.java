package io.kvasir.kv;

import io.kvasir.kv.codec.PageFormat;

/**
 * What the cache must know of one attention layer.
 *
 * @param queryHeads H, a multiple of {@code kvHeads}
 * @param kvHeads G
 * @param keyDim D of a key row
 * @param valueDim D of a value row
 * @param window tokens a query sees, itself included, in a sliding-window layer; 0: all
 * @param scale factor of {@code q k} in the softmax, 1/sqrt(D) in most models
 */
public record LayerShape(
    int queryHeads, int kvHeads, int keyDim, int valueDim, int window, float scale) {
  public LayerShape {
    if (kvHeads < 1 || queryHeads < kvHeads || queryHeads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "queryHeads=" + queryHeads + " must be a positive multiple of kvHeads=" + kvHeads);
    }
    if (keyDim < 1 || valueDim < 1 || window < 0) {
      throw new IllegalArgumentException(
          "keyDim="
              + keyDim
              + ", valueDim="
              + valueDim
              + ", window="
              + window
              + " are not a layer's");
    }
  }

  /** A layer of full attention with square heads and the usual scale. */
  public static LayerShape full(int queryHeads, int kvHeads, int dim) {
    return new LayerShape(queryHeads, kvHeads, dim, dim, 0, (float) (1 / Math.sqrt(dim)));
  }

  /** Query heads that share one KV head. */
  public int groupSize() {
    return queryHeads / kvHeads;
  }

  /** Whether a plan may drop pairs here: a sliding-window layer is bounded already. */
  public boolean compressible() {
    return window == 0;
  }

  /**
   * First position that is stored once {@code seen} tokens have been: a sliding window lets go of
   * whole pages only, counted from position 0.
   */
  int firstStored(int seen) {
    int needed = window == 0 ? 0 : Math.max(0, seen - window + 1);
    return needed / PageFormat.ROWS * PageFormat.ROWS;
  }
}
