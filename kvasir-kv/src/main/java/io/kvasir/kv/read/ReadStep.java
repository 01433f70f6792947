package io.kvasir.kv.read;

import io.kvasir.kv.Rows;

/** One decoding step of one (layer, KV head), before its attention. Valid during the call. */
public interface ReadStep {
  int layer();

  int head();

  /** Pages of 64 slots, the open one last. */
  int pages();

  /** Query heads of the group. */
  int groupSize();

  /** Copies the rotated, scaled query of group member {@code i} to {@code out[at .. at+D)}. */
  void query(int i, float[] out, int at);

  /** The stored keys, to be summarised or compared with. */
  Rows keys();
}
