package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * IEEE 754 binary16 and f32, little-endian in memory.
 *
 * <p>Widening moves the fifteen magnitude bits to the place of f32's and multiplies by 2^112, the
 * difference of the exponent biases: exact for zero, subnormal and normal numbers, whose f32 image
 * before the product may itself be subnormal. Infinities and NaNs get f32's largest exponent.
 */
public final class Half {
  private static final ValueLayout.OfShort SHORT_LE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final float BIAS = 0x1p112f;
  static final int SIGN_AND_MAGNITUDE = 0x8fffe000;
  private static final int MAGNITUDE = 0x0fffe000;
  private static final int SMALLEST_INFINITE = 0x0f800000;
  private static final int F32_INFINITE = 0x7f800000;

  private Half() {}

  /** {@code out[outAt + i] = f32(from[at + 2 i])} for i below n; exact. */
  public static void widen(MemorySegment from, long at, float[] out, int outAt, int n) {
    long address = Native.address(from, at, 2L * n);
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      widen(Lanes.shorts(address + 2L * i)).intoArray(out, outAt + i);
    }
    for (; i < n; i++) {
      out[outAt + i] = get(from, at + 2L * i);
    }
  }

  /** {@code to[at + 2 i] = f16(in[inAt + i])}, rounded to nearest even; too large is infinite. */
  public static void narrow(float[] in, int inAt, MemorySegment to, long at, int n) {
    for (int i = 0; i < n; i++) {
      to.set(SHORT_LE, at + 2L * i, Float.floatToFloat16(in[inAt + i]));
    }
  }

  /** The f16 at byte {@code at}. */
  public static float get(MemorySegment from, long at) {
    return Float.float16ToFloat(from.get(SHORT_LE, at));
  }

  /** Writes {@code value}, rounded, at byte {@code at}. */
  public static void set(MemorySegment to, long at, float value) {
    to.set(SHORT_LE, at, Float.floatToFloat16(value));
  }

  /** Whether these bits are neither infinite nor NaN. */
  static boolean finite(int bits) {
    return (bits & 0x7c00) != 0x7c00;
  }

  /** Any f16 in the low half of each lane, sign-extended or with any upper half. */
  static FloatVector widen(IntVector bits) {
    IntVector placed = bits.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 3);
    VectorMask<Integer> infinite =
        placed.and(MAGNITUDE).compare(VectorOperators.GE, SMALLEST_INFINITE);
    return placed
        .and(SIGN_AND_MAGNITUDE)
        .reinterpretAsFloats()
        .mul(BIAS)
        .reinterpretAsInts()
        .lanewise(VectorOperators.OR, F32_INFINITE, infinite)
        .reinterpretAsFloats();
  }

  /** Finite f16 in the low half of each lane. */
  static FloatVector widenFinite(IntVector bits) {
    return bits.lanewise(VectorOperators.LSHL, 16)
        .lanewise(VectorOperators.ASHR, 3)
        .and(SIGN_AND_MAGNITUDE)
        .reinterpretAsFloats()
        .mul(BIAS);
  }
}
