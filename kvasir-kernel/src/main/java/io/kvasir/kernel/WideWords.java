package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.N;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The loops of {@link Wide}, one for each type. {@code dot} sums both halves of a panel's words;
 * {@code expand} takes one half. Where a row is odd, expand writes one column of padding.
 */
final class WideWords {
  private static final long WORD = 4L * Gemm.WIDTH;
  private static final long HALF_WORD = 4L * N;
  private static final int UPPER = 0xffff0000;

  private WideWords() {}

  static void dotF32(long at, int cols, float[] x, int xAt, float[] y, int yAt) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = FloatVector.zero(F);
    long word = at;
    for (int c = 0; c < cols; c++, word += WORD) {
      FloatVector all = FloatVector.broadcast(F, x[xAt + c]);
      sum0 =
          IntVector.fromMemorySegment(Lanes.I, Native.ALL, word, Lanes.LE)
              .reinterpretAsFloats()
              .fma(all, sum0);
      sum1 =
          IntVector.fromMemorySegment(Lanes.I, Native.ALL, word + HALF_WORD, Lanes.LE)
              .reinterpretAsFloats()
              .fma(all, sum1);
    }
    sum0.intoArray(y, yAt);
    sum1.intoArray(y, yAt + N);
  }

  static void dotF16(long at, int cols, float[] x, int xAt, float[] y, int yAt) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = FloatVector.zero(F);
    long word = at;
    for (int c = 0; c < cols; c += 2, word += WORD) {
      IntVector v0 = IntVector.fromMemorySegment(Lanes.I, Native.ALL, word, Lanes.LE);
      IntVector v1 = IntVector.fromMemorySegment(Lanes.I, Native.ALL, word + HALF_WORD, Lanes.LE);
      FloatVector all = FloatVector.broadcast(F, x[xAt + c]);
      sum0 = Half.widenFinite(v0).fma(all, sum0);
      sum1 = Half.widenFinite(v1).fma(all, sum1);
      all = FloatVector.broadcast(F, c + 1 < cols ? x[xAt + c + 1] : 0f); // a pad adds 0 * 0
      sum0 =
          v0.lanewise(ASHR, 3)
              .and(Half.SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats()
              .mul(Half.BIAS)
              .fma(all, sum0);
      sum1 =
          v1.lanewise(ASHR, 3)
              .and(Half.SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats()
              .mul(Half.BIAS)
              .fma(all, sum1);
    }
    sum0.intoArray(y, yAt);
    sum1.intoArray(y, yAt + N);
  }

  static void dotBf16(long at, int cols, float[] x, int xAt, float[] y, int yAt) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = FloatVector.zero(F);
    long word = at;
    for (int c = 0; c < cols; c += 2, word += WORD) {
      IntVector v0 = IntVector.fromMemorySegment(Lanes.I, Native.ALL, word, Lanes.LE);
      IntVector v1 = IntVector.fromMemorySegment(Lanes.I, Native.ALL, word + HALF_WORD, Lanes.LE);
      FloatVector all = FloatVector.broadcast(F, x[xAt + c]);
      sum0 = v0.lanewise(LSHL, 16).reinterpretAsFloats().fma(all, sum0);
      sum1 = v1.lanewise(LSHL, 16).reinterpretAsFloats().fma(all, sum1);
      all = FloatVector.broadcast(F, c + 1 < cols ? x[xAt + c + 1] : 0f); // a pad adds 0 * 0
      sum0 = v0.and(UPPER).reinterpretAsFloats().fma(all, sum0);
      sum1 = v1.and(UPPER).reinterpretAsFloats().fma(all, sum1);
    }
    sum0.intoArray(y, yAt);
    sum1.intoArray(y, yAt + N);
  }

  static void expandF32(long at, int n, float[] out, int outAt, int stride) {
    long word = at;
    int to = outAt;
    for (int c = 0; c < n; c++, word += WORD, to += stride) {
      IntVector.fromMemorySegment(Lanes.I, Native.ALL, word, Lanes.LE)
          .reinterpretAsFloats()
          .intoArray(out, to);
    }
  }

  static void expandF16(long at, int n, float[] out, int outAt, int stride) {
    long word = at;
    int to = outAt;
    for (int c = 0; c < n; c += 2, word += WORD, to += 2 * stride) {
      IntVector v = IntVector.fromMemorySegment(Lanes.I, Native.ALL, word, Lanes.LE);
      Half.widenFinite(v).intoArray(out, to);
      v.lanewise(ASHR, 3)
          .and(Half.SIGN_AND_MAGNITUDE)
          .reinterpretAsFloats()
          .mul(Half.BIAS)
          .intoArray(out, to + stride);
    }
  }

  static void expandBf16(long at, int n, float[] out, int outAt, int stride) {
    long word = at;
    int to = outAt;
    for (int c = 0; c < n; c += 2, word += WORD, to += 2 * stride) {
      IntVector v = IntVector.fromMemorySegment(Lanes.I, Native.ALL, word, Lanes.LE);
      v.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(out, to);
      v.and(UPPER).reinterpretAsFloats().intoArray(out, to + stride);
    }
  }
}
