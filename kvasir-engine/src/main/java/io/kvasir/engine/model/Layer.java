package io.kvasir.engine.model;

/** One layer, on a tile of rows of one role; what a row becomes does not depend on the others. */
interface Layer {
  /**
   * What comes before its attention: fills the tile's queries, keys and values, rotated to the
   * tile's positions.
   *
   * @param x hidden states, [rows][hidden]
   */
  void project(float[] x, int rows, Tile tile);

  /** Adds to the hidden states what attention has found, then the feed-forward layer's answer. */
  void finish(float[] x, int rows, Tile tile);
}
