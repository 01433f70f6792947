package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.LE;
import static io.kvasir.kernel.Lanes.N;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * One token times one group of columns of a panel, straight from the codes: {@code f[SUMS + row] +=
 * (scale[row] * code[row][i] + offset[row]) * x[xAt + i]}, i ascending, for the 2 N rows.
 *
 * <p>Scales lie as {@link Coded} writes them: two vectors of scales at {@code f[scaleAt]}, then two
 * of offsets. Two sums in flight; unrolled and without helpers for the reasons that {@link
 * CodeWords} gives.
 */
final class CodeDots {
  /** Where the sums are in the scratch memory. */
  static final int SUMS = 16 * N;

  private static final int WORD = 4 * Gemm.WIDTH;

  private CodeDots() {}

  static void four(
      MemorySegment from, long at, int words, float[] f, int scaleAt, float[] x, int xAt) {
    FloatVector scale0 = FloatVector.fromArray(F, f, scaleAt);
    FloatVector scale1 = FloatVector.fromArray(F, f, scaleAt + N);
    FloatVector offset0 = FloatVector.fromArray(F, f, scaleAt + 2 * N);
    FloatVector offset1 = FloatVector.fromArray(F, f, scaleAt + 3 * N);
    FloatVector sum0 = FloatVector.fromArray(F, f, SUMS);
    FloatVector sum1 = FloatVector.fromArray(F, f, SUMS + N);
    FloatVector all;
    long word = at;
    int c = xAt;
    for (int w = 0; w < words; w++, word += WORD, c += 8) {
      IntVector v0 = IntVector.fromMemorySegment(I, from, word, LE);
      IntVector v1 = IntVector.fromMemorySegment(I, from, word + 4 * N, LE);
      all = FloatVector.broadcast(F, x[c]);
      sum0 = ((FloatVector) v0.and(15).convertShape(I2F, F, 0)).fma(scale0, offset0).fma(all, sum0);
      sum1 = ((FloatVector) v1.and(15).convertShape(I2F, F, 0)).fma(scale1, offset1).fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 1]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 4).and(15).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 4).and(15).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 2]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 8).and(15).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 8).and(15).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 3]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 12).and(15).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 12).and(15).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 4]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 16).and(15).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 16).and(15).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 5]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 20).and(15).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 20).and(15).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 6]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 24).and(15).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 24).and(15).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 7]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 28).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 28).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
    }
    sum0.intoArray(f, SUMS);
    sum1.intoArray(f, SUMS + N);
  }

  /** The last two codes of the group are the lowest of the tail. */
  static void five(
      MemorySegment from,
      long at,
      int words,
      long tail,
      float[] f,
      int scaleAt,
      float[] x,
      int xAt) {
    FloatVector scale0 = FloatVector.fromArray(F, f, scaleAt);
    FloatVector scale1 = FloatVector.fromArray(F, f, scaleAt + N);
    FloatVector offset0 = FloatVector.fromArray(F, f, scaleAt + 2 * N);
    FloatVector offset1 = FloatVector.fromArray(F, f, scaleAt + 3 * N);
    FloatVector sum0 = FloatVector.fromArray(F, f, SUMS);
    FloatVector sum1 = FloatVector.fromArray(F, f, SUMS + N);
    FloatVector all;
    long word = at;
    int c = xAt;
    for (int w = 0; w < words; w++, word += WORD, c += 6) {
      IntVector v0 = IntVector.fromMemorySegment(I, from, word, LE);
      IntVector v1 = IntVector.fromMemorySegment(I, from, word + 4 * N, LE);
      all = FloatVector.broadcast(F, x[c]);
      sum0 = ((FloatVector) v0.and(31).convertShape(I2F, F, 0)).fma(scale0, offset0).fma(all, sum0);
      sum1 = ((FloatVector) v1.and(31).convertShape(I2F, F, 0)).fma(scale1, offset1).fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 1]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 5).and(31).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 5).and(31).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 2]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 10).and(31).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 10).and(31).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 3]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 15).and(31).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 15).and(31).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 4]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 20).and(31).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 20).and(31).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 5]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 25).and(31).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 25).and(31).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
    }
    IntVector v0 = IntVector.fromMemorySegment(I, from, tail, LE);
    IntVector v1 = IntVector.fromMemorySegment(I, from, tail + 4 * N, LE);
    all = FloatVector.broadcast(F, x[c]);
    sum0 = ((FloatVector) v0.and(31).convertShape(I2F, F, 0)).fma(scale0, offset0).fma(all, sum0);
    sum1 = ((FloatVector) v1.and(31).convertShape(I2F, F, 0)).fma(scale1, offset1).fma(all, sum1);
    all = FloatVector.broadcast(F, x[c + 1]);
    sum0 =
        ((FloatVector) v0.lanewise(LSHR, 5).and(31).convertShape(I2F, F, 0))
            .fma(scale0, offset0)
            .fma(all, sum0);
    sum1 =
        ((FloatVector) v1.lanewise(LSHR, 5).and(31).convertShape(I2F, F, 0))
            .fma(scale1, offset1)
            .fma(all, sum1);
    sum0.intoArray(f, SUMS);
    sum1.intoArray(f, SUMS + N);
  }

  /** The last code of the group is in the tail, {@code shift} bits up. */
  static void six(
      MemorySegment from,
      long at,
      int words,
      long tail,
      int shift,
      float[] f,
      int scaleAt,
      float[] x,
      int xAt) {
    FloatVector scale0 = FloatVector.fromArray(F, f, scaleAt);
    FloatVector scale1 = FloatVector.fromArray(F, f, scaleAt + N);
    FloatVector offset0 = FloatVector.fromArray(F, f, scaleAt + 2 * N);
    FloatVector offset1 = FloatVector.fromArray(F, f, scaleAt + 3 * N);
    FloatVector sum0 = FloatVector.fromArray(F, f, SUMS);
    FloatVector sum1 = FloatVector.fromArray(F, f, SUMS + N);
    FloatVector all;
    long word = at;
    int c = xAt;
    for (int w = 0; w < words; w++, word += WORD, c += 5) {
      IntVector v0 = IntVector.fromMemorySegment(I, from, word, LE);
      IntVector v1 = IntVector.fromMemorySegment(I, from, word + 4 * N, LE);
      all = FloatVector.broadcast(F, x[c]);
      sum0 = ((FloatVector) v0.and(63).convertShape(I2F, F, 0)).fma(scale0, offset0).fma(all, sum0);
      sum1 = ((FloatVector) v1.and(63).convertShape(I2F, F, 0)).fma(scale1, offset1).fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 1]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 6).and(63).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 6).and(63).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 2]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 12).and(63).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 12).and(63).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 3]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 18).and(63).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 18).and(63).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 4]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 24).and(63).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 24).and(63).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
    }
    IntVector v0 = IntVector.fromMemorySegment(I, from, tail, LE);
    IntVector v1 = IntVector.fromMemorySegment(I, from, tail + 4 * N, LE);
    all = FloatVector.broadcast(F, x[c]);
    sum0 =
        ((FloatVector) v0.lanewise(LSHR, shift).and(63).convertShape(I2F, F, 0))
            .fma(scale0, offset0)
            .fma(all, sum0);
    sum1 =
        ((FloatVector) v1.lanewise(LSHR, shift).and(63).convertShape(I2F, F, 0))
            .fma(scale1, offset1)
            .fma(all, sum1);
    sum0.intoArray(f, SUMS);
    sum1.intoArray(f, SUMS + N);
  }

  static void eight(
      MemorySegment from, long at, int words, float[] f, int scaleAt, float[] x, int xAt) {
    FloatVector scale0 = FloatVector.fromArray(F, f, scaleAt);
    FloatVector scale1 = FloatVector.fromArray(F, f, scaleAt + N);
    FloatVector offset0 = FloatVector.fromArray(F, f, scaleAt + 2 * N);
    FloatVector offset1 = FloatVector.fromArray(F, f, scaleAt + 3 * N);
    FloatVector sum0 = FloatVector.fromArray(F, f, SUMS);
    FloatVector sum1 = FloatVector.fromArray(F, f, SUMS + N);
    FloatVector all;
    long word = at;
    int c = xAt;
    for (int w = 0; w < words; w++, word += WORD, c += 4) {
      IntVector v0 = IntVector.fromMemorySegment(I, from, word, LE);
      IntVector v1 = IntVector.fromMemorySegment(I, from, word + 4 * N, LE);
      all = FloatVector.broadcast(F, x[c]);
      sum0 =
          ((FloatVector) v0.and(255).convertShape(I2F, F, 0)).fma(scale0, offset0).fma(all, sum0);
      sum1 =
          ((FloatVector) v1.and(255).convertShape(I2F, F, 0)).fma(scale1, offset1).fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 1]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 8).and(255).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 8).and(255).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 2]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 16).and(255).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 16).and(255).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
      all = FloatVector.broadcast(F, x[c + 3]);
      sum0 =
          ((FloatVector) v0.lanewise(LSHR, 24).convertShape(I2F, F, 0))
              .fma(scale0, offset0)
              .fma(all, sum0);
      sum1 =
          ((FloatVector) v1.lanewise(LSHR, 24).convertShape(I2F, F, 0))
              .fma(scale1, offset1)
              .fma(all, sum1);
    }
    sum0.intoArray(f, SUMS);
    sum1.intoArray(f, SUMS + N);
  }

  static void two(
      MemorySegment from, long at, int words, float[] f, int scaleAt, float[] x, int xAt) {
    FloatVector scale0 = FloatVector.fromArray(F, f, scaleAt);
    FloatVector scale1 = FloatVector.fromArray(F, f, scaleAt + N);
    FloatVector offset0 = FloatVector.fromArray(F, f, scaleAt + 2 * N);
    FloatVector offset1 = FloatVector.fromArray(F, f, scaleAt + 3 * N);
    FloatVector sum0 = FloatVector.fromArray(F, f, SUMS);
    FloatVector sum1 = FloatVector.fromArray(F, f, SUMS + N);
    FloatVector all;
    long word = at;
    int c = xAt;
    for (int w = 0; w < words; w++, word += WORD) {
      IntVector v0 = IntVector.fromMemorySegment(I, from, word, LE);
      IntVector v1 = IntVector.fromMemorySegment(I, from, word + 4 * N, LE);
      for (int i = 0; i < 16; i++, c++) {
        all = FloatVector.broadcast(F, x[c]);
        sum0 =
            ((FloatVector) v0.and(3).convertShape(I2F, F, 0)).fma(scale0, offset0).fma(all, sum0);
        v0 = v0.lanewise(LSHR, 2);
        sum1 =
            ((FloatVector) v1.and(3).convertShape(I2F, F, 0)).fma(scale1, offset1).fma(all, sum1);
        v1 = v1.lanewise(LSHR, 2);
      }
    }
    sum0.intoArray(f, SUMS);
    sum1.intoArray(f, SUMS + N);
  }
}
