package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.LE;
import static io.kvasir.kernel.Lanes.N;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * The codes of N rows of a panel as pairs of shorts, for kernels that meet them more than once:
 * columns 2 i and 2 i + 1 of row j are the low and the upper half of the bits at {@code f[to + i *
 * }{@link Gemm#WIDTH}{@code + j]}. {@link Coding} draws the words they come from.
 */
final class CodeShorts {
  private static final long WORD = 4L * Gemm.WIDTH;
  private static final int NEXT = Gemm.WIDTH;
  private static final int LOW_NIBBLES = 0x000f000f;
  private static final int LOW_PAIRS = 0x00030003;

  private CodeShorts() {}

  static void two(MemorySegment from, long at, int blocks, float[] f, int to) {
    int out = to;
    for (int w = 0; w < 2 * blocks; w++) {
      IntVector v = IntVector.fromMemorySegment(I, from, at + w * WORD, LE);
      for (int i = 0; i < 8; i++, out += NEXT) {
        v.and(LOW_PAIRS).reinterpretAsFloats().intoArray(f, out);
        v = v.lanewise(LSHR, 2);
      }
    }
  }

  static void three(MemorySegment from, long at, int blocks, float[] f, int to) {
    int out = to;
    for (int b = 0; b < blocks; b++) {
      long block = at + 3 * b * WORD;
      ShortVector high =
          IntVector.fromMemorySegment(I, from, block + 2 * WORD, LE).reinterpretAsShorts();
      for (int w = 0; w < 2; w++) {
        IntVector v = IntVector.fromMemorySegment(I, from, block + w * WORD, LE);
        for (int i = 0; i < 8; i++, out += NEXT) {
          v.and(LOW_PAIRS)
              .or(high.lanewise(ASHR, 13).reinterpretAsInts().and(~LOW_PAIRS))
              .reinterpretAsFloats()
              .intoArray(f, out);
          v = v.lanewise(LSHR, 2);
          high = high.lanewise(LSHL, 1);
        }
      }
    }
  }

  static void four(MemorySegment from, long at, int blocks, float[] f, int to) {
    int out = to;
    for (int w = 0; w < 4 * blocks; w++, out += 4 * NEXT) {
      IntVector v = IntVector.fromMemorySegment(I, from, at + w * WORD, LE);
      v.and(LOW_NIBBLES).reinterpretAsFloats().intoArray(f, out);
      v.lanewise(LSHR, 4).and(LOW_NIBBLES).reinterpretAsFloats().intoArray(f, out + NEXT);
      v.lanewise(LSHR, 8).and(LOW_NIBBLES).reinterpretAsFloats().intoArray(f, out + 2 * NEXT);
      v.lanewise(LSHR, 12).and(LOW_NIBBLES).reinterpretAsFloats().intoArray(f, out + 3 * NEXT);
    }
  }

  static void five(MemorySegment from, long at, int blocks, float[] f, int to) {
    int out = to;
    for (int b = 0; b < blocks; b++) {
      long block = at + 5 * b * WORD;
      ShortVector high =
          IntVector.fromMemorySegment(I, from, block + 4 * WORD, LE).reinterpretAsShorts();
      for (int w = 0; w < 4; w++) {
        IntVector v = IntVector.fromMemorySegment(I, from, block + w * WORD, LE);
        for (int i = 0; i < 4; i++, out += NEXT) {
          v.and(LOW_NIBBLES)
              .or(high.lanewise(ASHR, 11).reinterpretAsInts().and(~LOW_NIBBLES))
              .reinterpretAsFloats()
              .intoArray(f, out);
          v = v.lanewise(LSHR, 4);
          high = high.lanewise(LSHL, 1);
        }
      }
    }
  }

  static void six(MemorySegment from, long at, int blocks, float[] f, int to) {
    int out = to;
    for (int g = 0; g < 2 * blocks; g++) {
      long group = at + 3 * g * WORD;
      ShortVector high =
          IntVector.fromMemorySegment(I, from, group + 2 * WORD, LE).reinterpretAsShorts();
      for (int w = 0; w < 2; w++) {
        IntVector v = IntVector.fromMemorySegment(I, from, group + w * WORD, LE);
        for (int i = 0; i < 4; i++, out += NEXT) {
          v.and(LOW_NIBBLES)
              .or(high.lanewise(LSHL, 14).lanewise(ASHR, 10).reinterpretAsInts().and(~LOW_NIBBLES))
              .reinterpretAsFloats()
              .intoArray(f, out);
          v = v.lanewise(LSHR, 4);
          high = high.lanewise(LSHR, 2);
        }
      }
    }
  }

  static void eight(MemorySegment from, long at, int blocks, float[] f, int to) {
    int out = to;
    for (int w = 0; w < 8 * blocks; w++, out += 2 * NEXT) {
      ShortVector v = IntVector.fromMemorySegment(I, from, at + w * WORD, LE).reinterpretAsShorts();
      v.lanewise(LSHL, 8).lanewise(ASHR, 8).reinterpretAsFloats().intoArray(f, out);
      v.lanewise(ASHR, 8).reinterpretAsFloats().intoArray(f, out + NEXT);
    }
  }

  /**
   * Values of columns, in f32: {@code f[to + c * stride + j] = scale[j] * (code[j][c] + bias) +
   * offset[j]} for N rows j and the columns of a group.
   *
   * @param codes where the codes of the group are in f, as above
   * @param scale where the scale is in f; the offset is two vectors behind
   */
  static void widen(int pairs, int codes, int scale, int bias, float[] f, int to, int stride) {
    FloatVector d = FloatVector.fromArray(F, f, scale);
    FloatVector offset = FloatVector.fromArray(F, f, scale + 2 * N);
    for (int i = 0; i < pairs; i++) {
      IntVector pair = FloatVector.fromArray(F, f, codes + i * NEXT).reinterpretAsInts();
      ((FloatVector) pair.lanewise(LSHL, 16).lanewise(ASHR, 16).add(bias).convertShape(I2F, F, 0))
          .fma(d, offset)
          .intoArray(f, to + 2 * i * stride);
      ((FloatVector) pair.lanewise(ASHR, 16).add(bias).convertShape(I2F, F, 0))
          .fma(d, offset)
          .intoArray(f, to + (2 * i + 1) * stride);
    }
  }
}
