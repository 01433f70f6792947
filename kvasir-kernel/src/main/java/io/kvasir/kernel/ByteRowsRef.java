package io.kvasir.kernel;

/** Scalar twin that defines the rounding of {@link ByteRows}. */
public final class ByteRowsRef {
  /** Blocks that are smaller count as zero: 127 / max must stay finite. */
  static final float SMALLEST = 1e-30f;

  private ByteRowsRef() {}

  /**
   * Rounds a block of 32: {@code scale = max |x| / 127}, {@code code = rint(x * (127 / max |x|))}.
   *
   * @param codes receives 32 codes at {@code codes[to ..]}; undefined where an x is not finite
   * @return the scale; 0 for a block of zeros, NaN or infinite if an x is
   */
  public static float round(float[] x, int at, byte[] codes, int to) {
    float most = 0;
    for (int i = 0; i < Coding.BLOCK; i++) {
      most = Math.max(most, Math.abs(x[at + i]));
    }
    float inverse = most < SMALLEST ? 0 : 127 / most;
    for (int i = 0; i < Coding.BLOCK; i++) {
      codes[to + i] = (byte) Math.rint(x[at + i] * inverse);
    }
    return most < SMALLEST ? 0 : most / 127;
  }
}
