package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Scalar twin of {@link ByteDots} and {@link TwoRowDots}, which sum in f32 what this sums in f64.
 */
public final class ByteDotsRef {
  private ByteDotsRef() {}

  /**
   * {@code sum over c of w[c] * (scale of c's block * code[c])}: weights as {@link DequantRef},
   * activations as {@link ByteRowsRef}.
   *
   * @param at byte of the row in source
   * @param x f32, cols of them at {@code x[xAt ..]}
   */
  public static double dot(
      TensorType type, MemorySegment source, long at, int cols, float[] x, int xAt) {
    float[] w = new float[cols];
    DequantRef.row(type, source, at, cols, w);
    byte[] codes = new byte[cols];
    double sum = 0;
    for (int c = 0; c < cols; c += Coding.BLOCK) {
      float scale = ByteRowsRef.round(x, xAt + c, codes, c);
      for (int i = c; i < c + Coding.BLOCK; i++) {
        sum += (double) w[i] * ((double) scale * codes[i]);
      }
    }
    return sum;
  }
}
