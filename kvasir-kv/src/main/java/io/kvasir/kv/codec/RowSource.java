package io.kvasir.kv.codec;

/**
 * Rows that are about to be encoded, oldest first: of one head, or of all that are coded together.
 */
public interface RowSource {
  int rows();

  /** Reads a row of a member (0 where a head is coded for itself) into {@code out[at .. at+D)}. */
  void read(int member, int row, float[] out, int at);
}
