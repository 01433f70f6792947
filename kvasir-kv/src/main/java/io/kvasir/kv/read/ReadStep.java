package io.kvasir.kv.read;

import io.kvasir.kv.Rows;

/** One row at one (layer, KV head), before its attention. Valid during the call. */
public interface ReadStep {
  /** Index of the layer in the model. */
  int layer();

  int head();

  /**
   * Pages of 64 slots: page p holds the slots from 64 p on, whether their rows are coded or still
   * raw. The last one may be partly filled; its newest slot is the pair of this very row.
   */
  int pages();

  /** Query heads of the group. */
  int groupSize();

  /** Copies the rotated, scaled query of group member {@code i} to {@code out[at .. at+D)}. */
  void query(int i, float[] out, int at);

  /** The stored keys as the attention reads them, to be summarised or compared with. */
  Rows keys();
}
