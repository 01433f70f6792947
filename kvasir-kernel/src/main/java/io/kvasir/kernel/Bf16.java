package io.kvasir.kernel;

import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;

/**
 * Rounding to bf16, the upper half of an f32: to the nearest, ties away from zero (oneDNN and llama
 * round ties to even; with one add less the error has the same bound, 2^-8 of the value).
 */
public final class Bf16 {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** Added to an f32's bits, it rounds the upper half of them. */
  static final int HALF = 0x8000;

  /** The upper of two bf16 in an i32. */
  static final int UPPER = 0xffff0000;

  private Bf16() {}

  /**
   * {@code out[at' / 2 + i] = bf16(x[xAt + i])} for n elements.
   *
   * @param out native memory
   * @param at byte in {@code out} of the first element
   */
  public static void round(float[] x, int xAt, MemorySegment out, long at, int n) {
    long to = Native.address(out, at, 2L * n);
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      ((ShortVector)
              FloatVector.fromArray(Lanes.F, x, xAt + i)
                  .reinterpretAsInts()
                  .add(HALF)
                  .lanewise(LSHR, 16)
                  .convertShape(I2S, Lanes.S, 0))
          .intoMemorySegment(Native.ALL, to + 2L * i, Lanes.LE);
    }
    for (; i < n; i++) {
      Native.ALL.set(SHORT, to + 2L * i, Bf16Ref.round(x[xAt + i]));
    }
  }
}
