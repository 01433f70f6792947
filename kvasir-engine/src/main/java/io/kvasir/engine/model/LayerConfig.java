package io.kvasir.engine.model;

import io.kvasir.kv.LayerShape;

/**
 * One layer: the heads, window and scale of its attention, and its rotation.
 *
 * @param attention what the cache must know of it too
 */
public record LayerConfig(LayerShape attention, Rope rope) {
  /** Elements of a row of queries, H*D. */
  int queryWidth() {
    return attention.queryHeads() * attention.keyDim();
  }

  /** Elements of a row of keys, G*D. */
  int keyWidth() {
    return attention.kvHeads() * attention.keyDim();
  }

  /** Elements of a row of values, G*D. */
  int valueWidth() {
    return attention.kvHeads() * attention.valueDim();
  }

  /** Elements of a row of attention outputs, H*D of a value. */
  int outputWidth() {
    return attention.queryHeads() * attention.valueDim();
  }
}
