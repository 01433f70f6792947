package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The codes of N rows as f32: {@code f[to + i * stride + row] = scale[row] * code[row][i] +
 * offset[row]}, i counting codes from the low bits of the first word on.
 *
 * <p>Words of one row group follow each other at the distance of a whole panel's word; {@code
 * scale} lies at {@code f[scaleAt]}, {@code offset} two vectors behind it. Unrolled with constant
 * shifts, without helper methods: a loop over a handful of codes costs twice the time, and C2 boxes
 * what crosses a call that it does not inline.
 */
final class CodeWords {
  private static final int WORD = 4 * Gemm.WIDTH;

  private CodeWords() {}

  static void four(
      MemorySegment from, long at, int words, float[] f, int scaleAt, int to, int stride) {
    FloatVector scale = FloatVector.fromArray(F, f, scaleAt);
    FloatVector offset = FloatVector.fromArray(F, f, scaleAt + 2 * Lanes.N);
    int out = to;
    long word = at;
    for (int w = 0; w < words; w++, word += WORD, out += 8 * stride) {
      IntVector v = IntVector.fromMemorySegment(I, from, word, Lanes.LE);
      ((FloatVector) v.and(15).convertShape(I2F, F, 0)).fma(scale, offset).intoArray(f, out);
      ((FloatVector) v.lanewise(LSHR, 4).and(15).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + stride);
      ((FloatVector) v.lanewise(LSHR, 8).and(15).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 2 * stride);
      ((FloatVector) v.lanewise(LSHR, 12).and(15).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 3 * stride);
      ((FloatVector) v.lanewise(LSHR, 16).and(15).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 4 * stride);
      ((FloatVector) v.lanewise(LSHR, 20).and(15).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 5 * stride);
      ((FloatVector) v.lanewise(LSHR, 24).and(15).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 6 * stride);
      ((FloatVector) v.lanewise(LSHR, 28).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 7 * stride);
    }
  }

  static void five(
      MemorySegment from, long at, int words, float[] f, int scaleAt, int to, int stride) {
    FloatVector scale = FloatVector.fromArray(F, f, scaleAt);
    FloatVector offset = FloatVector.fromArray(F, f, scaleAt + 2 * Lanes.N);
    int out = to;
    long word = at;
    for (int w = 0; w < words; w++, word += WORD, out += 6 * stride) {
      IntVector v = IntVector.fromMemorySegment(I, from, word, Lanes.LE);
      ((FloatVector) v.and(31).convertShape(I2F, F, 0)).fma(scale, offset).intoArray(f, out);
      ((FloatVector) v.lanewise(LSHR, 5).and(31).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + stride);
      ((FloatVector) v.lanewise(LSHR, 10).and(31).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 2 * stride);
      ((FloatVector) v.lanewise(LSHR, 15).and(31).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 3 * stride);
      ((FloatVector) v.lanewise(LSHR, 20).and(31).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 4 * stride);
      ((FloatVector) v.lanewise(LSHR, 25).and(31).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 5 * stride);
    }
  }

  static void six(
      MemorySegment from, long at, int words, float[] f, int scaleAt, int to, int stride) {
    FloatVector scale = FloatVector.fromArray(F, f, scaleAt);
    FloatVector offset = FloatVector.fromArray(F, f, scaleAt + 2 * Lanes.N);
    int out = to;
    long word = at;
    for (int w = 0; w < words; w++, word += WORD, out += 5 * stride) {
      IntVector v = IntVector.fromMemorySegment(I, from, word, Lanes.LE);
      ((FloatVector) v.and(63).convertShape(I2F, F, 0)).fma(scale, offset).intoArray(f, out);
      ((FloatVector) v.lanewise(LSHR, 6).and(63).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + stride);
      ((FloatVector) v.lanewise(LSHR, 12).and(63).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 2 * stride);
      ((FloatVector) v.lanewise(LSHR, 18).and(63).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 3 * stride);
      ((FloatVector) v.lanewise(LSHR, 24).and(63).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 4 * stride);
    }
  }

  static void eight(
      MemorySegment from, long at, int words, float[] f, int scaleAt, int to, int stride) {
    FloatVector scale = FloatVector.fromArray(F, f, scaleAt);
    FloatVector offset = FloatVector.fromArray(F, f, scaleAt + 2 * Lanes.N);
    int out = to;
    long word = at;
    for (int w = 0; w < words; w++, word += WORD, out += 4 * stride) {
      IntVector v = IntVector.fromMemorySegment(I, from, word, Lanes.LE);
      ((FloatVector) v.and(255).convertShape(I2F, F, 0)).fma(scale, offset).intoArray(f, out);
      ((FloatVector) v.lanewise(LSHR, 8).and(255).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + stride);
      ((FloatVector) v.lanewise(LSHR, 16).and(255).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 2 * stride);
      ((FloatVector) v.lanewise(LSHR, 24).convertShape(I2F, F, 0))
          .fma(scale, offset)
          .intoArray(f, out + 3 * stride);
    }
  }

  static void two(
      MemorySegment from, long at, int words, float[] f, int scaleAt, int to, int stride) {
    FloatVector scale = FloatVector.fromArray(F, f, scaleAt);
    FloatVector offset = FloatVector.fromArray(F, f, scaleAt + 2 * Lanes.N);
    int out = to;
    long word = at;
    for (int w = 0; w < words; w++, word += WORD) {
      IntVector v = IntVector.fromMemorySegment(I, from, word, Lanes.LE);
      for (int i = 0; i < 16; i++, out += stride) {
        ((FloatVector) v.and(3).convertShape(I2F, F, 0)).fma(scale, offset).intoArray(f, out);
        v = v.lanewise(LSHR, 2);
      }
    }
  }

  /** A single code, anywhere in a word. */
  static void one(
      MemorySegment from, long word, int shift, int mask, float[] f, int scaleAt, int to) {
    FloatVector scale = FloatVector.fromArray(F, f, scaleAt);
    FloatVector offset = FloatVector.fromArray(F, f, scaleAt + 2 * Lanes.N);
    IntVector v = IntVector.fromMemorySegment(I, from, word, Lanes.LE);
    ((FloatVector) v.lanewise(LSHR, shift).and(mask).convertShape(I2F, F, 0))
        .fma(scale, offset)
        .intoArray(f, to);
  }
}
