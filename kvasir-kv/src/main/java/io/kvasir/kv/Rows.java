package io.kvasir.kv;

/** Keys or values of one (layer, KV head), read back row by row, in slot order. */
public interface Rows {
  int count();

  int dim();

  /** Reads row {@code slot} into {@code out[at .. at+dim)}. */
  void read(int slot, float[] out, int at);

  /**
   * {@code out[i] = sum_d q[qAt+d] * row_i[d]} for every row i; the fast way to compare one vector
   * with all rows.
   */
  void dots(float[] q, int qAt, float[] out);
}
