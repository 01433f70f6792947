package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.LE;
import static io.kvasir.kernel.Lanes.N;
import static io.kvasir.kernel.Lanes.PAIRS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * The codes of N rows of a panel as pairs of shorts, for kernels that meet them more than once:
 * columns 2 i and 2 i + 1 of row j less {@link Coding#bias}, are the low and the upper half of the
 * bits at {@code f[to + i * }{@link Gemm#WIDTH}{@code + j]}. {@link Coding} draws the words they
 * come from.
 */
final class CodeShorts {
  private static final long WORD = 4L * Gemm.WIDTH;
  private static final int NEXT = Gemm.WIDTH;
  private static final int LOW_NIBBLES = 0x000f000f;
  private static final int LOW_PAIRS = 0x00030003;
  private static final int LOW_FIVES = 0x001f001f;
  private static final int LOW_SIXES = 0x003f003f;

  private CodeShorts() {}

  static void two(long at, int blocks, float[] f, int to) {
    int out = to;
    for (int w = 0; w < 2 * blocks; w++) {
      IntVector v = IntVector.fromMemorySegment(I, Native.ALL, at + w * WORD, LE);
      for (int i = 0; i < 8; i++, out += NEXT) {
        v.lanewise(LSHR, 2 * i).and(LOW_PAIRS).reinterpretAsFloats().intoArray(f, out);
      }
    }
  }

  static void three(long at, int blocks, float[] f, int to) {
    int out = to;
    for (int b = 0; b < blocks; b++) {
      long block = at + 3 * b * WORD;
      ShortVector high =
          IntVector.fromMemorySegment(I, Native.ALL, block + 2 * WORD, LE).reinterpretAsShorts();
      for (int w = 0; w < 2; w++) {
        IntVector v = IntVector.fromMemorySegment(I, Native.ALL, block + w * WORD, LE);
        for (int i = 0; i < 8; i++, out += NEXT) {
          v.lanewise(LSHR, 2 * i)
              .and(LOW_PAIRS)
              .or(
                  high.lanewise(LSHL, 8 * w + i)
                      .lanewise(ASHR, 13)
                      .reinterpretAsInts()
                      .and(~LOW_PAIRS))
              .reinterpretAsFloats()
              .intoArray(f, out);
        }
      }
    }
  }

  static void four(long at, int blocks, float[] f, int to) {
    int out = to;
    for (int w = 0; w < 4 * blocks; w++, out += 4 * NEXT) {
      IntVector v = IntVector.fromMemorySegment(I, Native.ALL, at + w * WORD, LE);
      v.and(LOW_NIBBLES).reinterpretAsFloats().intoArray(f, out);
      v.lanewise(LSHR, 4).and(LOW_NIBBLES).reinterpretAsFloats().intoArray(f, out + NEXT);
      v.lanewise(LSHR, 8).and(LOW_NIBBLES).reinterpretAsFloats().intoArray(f, out + 2 * NEXT);
      v.lanewise(LSHR, 12).and(LOW_NIBBLES).reinterpretAsFloats().intoArray(f, out + 3 * NEXT);
    }
  }

  static void five(long at, int blocks, float[] f, int to) {
    int out = to;
    long word = at;
    for (int b = 0; b < blocks; b++, out += NEXT) {
      ShortVector last = ShortVector.zero(PAIRS);
      for (int w = 0; w < 5; w++, word += WORD) {
        IntVector v = IntVector.fromMemorySegment(I, Native.ALL, word, LE);
        last = v.reinterpretAsShorts().lanewise(LSHR, 15).add(last).add(last);
        for (int i = 0; i < 3; i++, out += NEXT) {
          v.lanewise(LSHR, 5 * i)
              .and(LOW_FIVES)
              .reinterpretAsShorts()
              .sub((short) 16)
              .reinterpretAsFloats()
              .intoArray(f, out);
        }
      }
      last.sub((short) 16).reinterpretAsFloats().intoArray(f, out);
    }
  }

  static void six(long at, int blocks, float[] f, int to) {
    int out = to;
    for (int g = 0; g < 2 * blocks; g++, out += 8 * NEXT) {
      long group = at + 3 * g * WORD;
      for (int w = 0; w < 3; w++) {
        IntVector v = IntVector.fromMemorySegment(I, Native.ALL, group + w * WORD, LE);
        v.and(LOW_SIXES)
            .reinterpretAsShorts()
            .sub((short) 32)
            .reinterpretAsFloats()
            .intoArray(f, out + 2 * w * NEXT);
        v.lanewise(LSHR, 6)
            .and(LOW_SIXES)
            .reinterpretAsShorts()
            .sub((short) 32)
            .reinterpretAsFloats()
            .intoArray(f, out + (2 * w + 1) * NEXT);
      }
      IntVector high = IntVector.fromMemorySegment(I, Native.ALL, group + 2 * WORD, LE);
      for (int w = 0; w < 2; w++) {
        IntVector.fromMemorySegment(I, Native.ALL, group + w * WORD, LE)
            .reinterpretAsShorts()
            .lanewise(LSHR, 12)
            .or(high.lanewise(LSHR, 8 + 2 * w).and(0x00300030).reinterpretAsShorts())
            .sub((short) 32)
            .reinterpretAsFloats()
            .intoArray(f, out + (6 + w) * NEXT);
      }
    }
  }

  static void eight(long at, int blocks, float[] f, int to) {
    int out = to;
    for (int w = 0; w < 8 * blocks; w++, out += 2 * NEXT) {
      ShortVector v =
          IntVector.fromMemorySegment(I, Native.ALL, at + w * WORD, LE).reinterpretAsShorts();
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

  /**
   * What {@link #widen} computes, rounded to bf16: the i32 at {@code to + i * 4 * }{@link
   * Bf16Pairs#WIDTH}{@code + 4 * j} holds columns 2 i and 2 i + 1 of row j, for N rows.
   */
  static void round(int pairs, int codes, int scale, int bias, float[] f, long to) {
    FloatVector d = FloatVector.fromArray(F, f, scale);
    FloatVector offset = FloatVector.fromArray(F, f, scale + 2 * N);
    for (int i = 0; i < pairs; i++) {
      IntVector pair = FloatVector.fromArray(F, f, codes + i * NEXT).reinterpretAsInts();
      IntVector even = pair.lanewise(LSHL, 16).lanewise(ASHR, 16).add(bias);
      IntVector odd = pair.lanewise(ASHR, 16).add(bias);
      ((FloatVector) even.convertShape(I2F, F, 0))
          .fma(d, offset)
          .reinterpretAsInts()
          .add(Bf16.HALF)
          .lanewise(LSHR, 16)
          .or(
              ((FloatVector) odd.convertShape(I2F, F, 0))
                  .fma(d, offset)
                  .reinterpretAsInts()
                  .add(Bf16.HALF)
                  .and(Bf16.UPPER))
          .intoMemorySegment(Native.ALL, to + (long) i * Bf16Pairs.PAIR, LE);
    }
  }

  /**
   * One row of f32 activations times a group: {@code f[SUMS + j] += (scale[j] * (code[j][c] + bias)
   * + offset[j]) * x[xAt + c]} for the 2 N rows j, c ascending. Parameters as above.
   */
  static void dot(int pairs, int codes, int scale, int bias, float[] f, float[] x, int xAt) {
    FloatVector d0 = FloatVector.fromArray(F, f, scale);
    FloatVector d1 = FloatVector.fromArray(F, f, scale + N);
    FloatVector offset0 = FloatVector.fromArray(F, f, scale + 2 * N);
    FloatVector offset1 = FloatVector.fromArray(F, f, scale + 3 * N);
    FloatVector y0 = FloatVector.fromArray(F, f, ByteDots.SUMS);
    FloatVector y1 = FloatVector.fromArray(F, f, ByteDots.SUMS + N);
    for (int i = 0; i < pairs; i++) {
      IntVector pair0 = FloatVector.fromArray(F, f, codes + i * NEXT).reinterpretAsInts();
      IntVector pair1 = FloatVector.fromArray(F, f, codes + i * NEXT + N).reinterpretAsInts();
      FloatVector all = FloatVector.broadcast(F, x[xAt + 2 * i]);
      IntVector even0 = pair0.lanewise(LSHL, 16).lanewise(ASHR, 16).add(bias);
      IntVector even1 = pair1.lanewise(LSHL, 16).lanewise(ASHR, 16).add(bias);
      y0 = ((FloatVector) even0.convertShape(I2F, F, 0)).fma(d0, offset0).fma(all, y0);
      y1 = ((FloatVector) even1.convertShape(I2F, F, 0)).fma(d1, offset1).fma(all, y1);
      all = FloatVector.broadcast(F, x[xAt + 2 * i + 1]);
      IntVector odd0 = pair0.lanewise(ASHR, 16).add(bias);
      IntVector odd1 = pair1.lanewise(ASHR, 16).add(bias);
      y0 = ((FloatVector) odd0.convertShape(I2F, F, 0)).fma(d0, offset0).fma(all, y0);
      y1 = ((FloatVector) odd1.convertShape(I2F, F, 0)).fma(d1, offset1).fma(all, y1);
    }
    y0.intoArray(f, ByteDots.SUMS);
    y1.intoArray(f, ByteDots.SUMS + N);
  }
}
