package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The softmax of prompts in bf16: scores as {@link Bf16Matmul} leaves them in native memory,
 * weights as it wants them. Defined by {@link Bf16SoftmaxRef}, bit for bit.
 *
 * <p>A weight keeps 8 bits, so e^r needs a polynomial of degree 4 only (error 5e-6), and one step
 * for its power of two: weights below e^-87 are 0.
 */
public final class Bf16Softmax {
  /** Partial sums of a row: element j goes to partial j mod 16. */
  public static final int PARTIALS = 16;

  static final float LOWEST = -87f;
  static final float LOG2E = 1.442695f;
  static final float LN2 = 0.6931472f;
  static final float ROUND = 0x1.8p23f; // adding it leaves the nearest integer in the low bits
  static final float C4 = 0.041277673f;
  static final float C3 = 0.16753532f;
  static final float C2 = 0.5000512f;
  private static final int MAGNITUDE = 0x7fffffff;

  private Bf16Softmax() {}

  /**
   * The largest of n scores; undefined where one is NaN.
   *
   * @param x f32
   * @param at byte of the first
   * @param n a multiple of 16
   */
  public static float max(MemorySegment x, long at, int n) {
    long from = Native.address(x, at, 4L * n);
    IntVector most = IntVector.broadcast(Lanes.I, Integer.MIN_VALUE);
    for (int j = 0; j < n; j += Lanes.N) {
      IntVector bits = IntVector.fromMemorySegment(Lanes.I, Native.ALL, from + 4L * j, Lanes.LE);
      // of negative numbers the magnitude's bits are turned over: integers in the floats' order
      most =
          bits.lanewise(VectorOperators.ASHR, 31)
              .and(MAGNITUDE)
              .lanewise(VectorOperators.XOR, bits)
              .max(most);
    }
    int bits = most.reduceLanes(VectorOperators.MAX);
    return Float.intBitsToFloat(bits ^ (bits >> 31 & MAGNITUDE));
  }

  /**
   * {@code out[j] = bf16(e^(x[j] - max))} for n scores.
   *
   * @param at byte of the first score
   * @param n a multiple of 16
   * @param max at least the largest of them
   * @param out bf16
   * @param outAt byte of the first weight
   * @param partials receives {@link #PARTIALS} sums of the weights before rounding
   */
  public static void weights(
      MemorySegment x, long at, int n, float max, MemorySegment out, long outAt, float[] partials) {
    long from = Native.address(x, at, 4L * n);
    long to = Native.address(out, outAt, 2L * n);
    FloatVector round = FloatVector.broadcast(Lanes.F, ROUND);
    FloatVector one = FloatVector.broadcast(Lanes.F, 1f);
    for (int c = 0; c < PARTIALS; c += Lanes.N) {
      FloatVector sum = FloatVector.zero(Lanes.F);
      for (int j = c; j < n; j += PARTIALS) {
        FloatVector d =
            FloatVector.fromMemorySegment(Lanes.F, Native.ALL, from + 4L * j, Lanes.LE).sub(max);
        FloatVector rounded = d.fma(FloatVector.broadcast(Lanes.F, LOG2E), round);
        FloatVector r = rounded.sub(round).fma(FloatVector.broadcast(Lanes.F, -LN2), d);
        FloatVector p = FloatVector.broadcast(Lanes.F, C4);
        p = p.fma(r, FloatVector.broadcast(Lanes.F, C3));
        p = p.fma(r, FloatVector.broadcast(Lanes.F, C2));
        p = p.fma(r, one).fma(r, one);
        IntVector bits = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        FloatVector e =
            p.reinterpretAsInts()
                .add(bits)
                .reinterpretAsFloats()
                .blend(0f, d.compare(VectorOperators.LT, LOWEST));
        sum = e.add(sum);
        ((ShortVector)
                e.reinterpretAsInts()
                    .add(Bf16.HALF)
                    .lanewise(VectorOperators.LSHR, 16)
                    .convertShape(VectorOperators.I2S, Lanes.S, 0))
            .intoMemorySegment(Native.ALL, to + 2L * j, Lanes.LE);
      }
      sum.intoArray(partials, c);
    }
  }

  /** {@code x[i] *= factor} for n numbers at byte {@code at}; n is a multiple of 16. */
  public static void scale(MemorySegment x, long at, int n, float factor) {
    long address = Native.address(x, at, 4L * n);
    for (int i = 0; i < n; i += Lanes.N) {
      FloatVector.fromMemorySegment(Lanes.F, Native.ALL, address + 4L * i, Lanes.LE)
          .mul(factor)
          .intoMemorySegment(Native.ALL, address + 4L * i, Lanes.LE);
    }
  }
}
