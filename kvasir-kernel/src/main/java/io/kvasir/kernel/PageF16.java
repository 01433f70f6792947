package io.kvasir.kernel;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Attention on pages of {@link PageLayout.Code#F16}; contract: {@link Pages}. */
final class PageF16 {
  private PageF16() {}

  static void scores(PageLayout layout, float[] q, int count, long page, int rows, float[] out) {
    int size;
    for (int i = 0; i < count; i += size) {
      size = Tile.queries(count - i);
      if (size == 4) {
        scoresOf4(layout, q, i, page, rows, out);
      } else {
        scoresOf3(layout, q, i, count, page, rows, out);
      }
    }
  }

  static void accumulate(
      PageLayout layout, float[] w, int count, long page, int rows, float[] acc) {
    int size;
    for (int i = 0; i < count; i += size) {
      size = Tile.queries(count - i);
      if (size == 4) {
        sumsOf4(layout, w, i, page, rows, acc);
      } else {
        sumsOf3(layout, w, i, count, page, rows, acc);
      }
    }
  }

  /** Scores of queries {@code i} to {@code i + 3}, two vectors of slots at a time. */
  private static void scoresOf4(
      PageLayout layout, float[] q, int i, long page, int rows, float[] out) {
    int dim = layout.dim();
    int i1 = i + 1;
    int i2 = i + 2;
    int i3 = i + 3;
    int q0 = i * dim;
    int q1 = i1 * dim;
    int q2 = i2 * dim;
    int q3 = i3 * dim;
    for (int slot = 0; slot < rows; slot += Tile.SLOTS) {
      FloatVector a0 = FloatVector.zero(Lanes.F);
      FloatVector a1 = a0;
      FloatVector a2 = a0;
      FloatVector a3 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      FloatVector b2 = a0;
      FloatVector b3 = a0;
      long at = 4L * slot;
      for (int d = 0; d < dim; at += 4 * PageLayout.SLOTS) {
        IntVector xs = IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at, Lanes.LE);
        IntVector ys =
            IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at + 4 * Lanes.N, Lanes.LE);
        for (int c = 16; c >= 0; c -= 16, d++) {
          FloatVector x =
              xs.lanewise(LSHL, c)
                  .lanewise(ASHR, 3)
                  .and(Half.SIGN_AND_MAGNITUDE)
                  .reinterpretAsFloats()
                  .mul(Half.BIAS);
          FloatVector y =
              ys.lanewise(LSHL, c)
                  .lanewise(ASHR, 3)
                  .and(Half.SIGN_AND_MAGNITUDE)
                  .reinterpretAsFloats()
                  .mul(Half.BIAS);
          FloatVector v = FloatVector.broadcast(Lanes.F, q[q0 + d]);
          a0 = x.fma(v, a0);
          b0 = y.fma(v, b0);
          v = FloatVector.broadcast(Lanes.F, q[q1 + d]);
          a1 = x.fma(v, a1);
          b1 = y.fma(v, b1);
          v = FloatVector.broadcast(Lanes.F, q[q2 + d]);
          a2 = x.fma(v, a2);
          b2 = y.fma(v, b2);
          v = FloatVector.broadcast(Lanes.F, q[q3 + d]);
          a3 = x.fma(v, a3);
          b3 = y.fma(v, b3);
        }
      }
      a0.intoArray(out, i * PageLayout.SLOTS + slot);
      a1.intoArray(out, i1 * PageLayout.SLOTS + slot);
      a2.intoArray(out, i2 * PageLayout.SLOTS + slot);
      a3.intoArray(out, i3 * PageLayout.SLOTS + slot);
      b0.intoArray(out, i * PageLayout.SLOTS + slot + Lanes.N);
      b1.intoArray(out, i1 * PageLayout.SLOTS + slot + Lanes.N);
      b2.intoArray(out, i2 * PageLayout.SLOTS + slot + Lanes.N);
      b3.intoArray(out, i3 * PageLayout.SLOTS + slot + Lanes.N);
    }
  }

  /** Scores of up to three queries from query {@code i} on, four vectors of slots at a time. */
  private static void scoresOf3(
      PageLayout layout, float[] q, int i, int count, long page, int rows, float[] out) {
    int dim = layout.dim();
    int i1 = Math.min(i + 1, count - 1);
    int i2 = Math.min(i + 2, count - 1);
    int q0 = i * dim;
    int q1 = i1 * dim;
    int q2 = i2 * dim;
    for (int slot = 0; slot < rows; slot += 4 * Lanes.N) {
      FloatVector a0 = FloatVector.zero(Lanes.F);
      FloatVector a1 = a0;
      FloatVector a2 = a0;
      FloatVector a3 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      FloatVector b2 = a0;
      FloatVector b3 = a0;
      FloatVector c0 = a0;
      FloatVector c1 = a0;
      FloatVector c2 = a0;
      FloatVector c3 = a0;

      long at = 4L * slot;
      for (int d = 0; d < dim; at += 4 * PageLayout.SLOTS) {
        IntVector w0 = IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at, Lanes.LE);
        IntVector w1 =
            IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at + 4 * Lanes.N, Lanes.LE);
        IntVector w2 =
            IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at + 8 * Lanes.N, Lanes.LE);
        IntVector w3 =
            IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at + 12 * Lanes.N, Lanes.LE);
        for (int c = 16; c >= 0; c -= 16, d++) {
          FloatVector x0 =
              w0.lanewise(LSHL, c)
                  .lanewise(ASHR, 3)
                  .and(Half.SIGN_AND_MAGNITUDE)
                  .reinterpretAsFloats()
                  .mul(Half.BIAS);
          FloatVector x1 =
              w1.lanewise(LSHL, c)
                  .lanewise(ASHR, 3)
                  .and(Half.SIGN_AND_MAGNITUDE)
                  .reinterpretAsFloats()
                  .mul(Half.BIAS);
          FloatVector x2 =
              w2.lanewise(LSHL, c)
                  .lanewise(ASHR, 3)
                  .and(Half.SIGN_AND_MAGNITUDE)
                  .reinterpretAsFloats()
                  .mul(Half.BIAS);
          FloatVector x3 =
              w3.lanewise(LSHL, c)
                  .lanewise(ASHR, 3)
                  .and(Half.SIGN_AND_MAGNITUDE)
                  .reinterpretAsFloats()
                  .mul(Half.BIAS);
          FloatVector v = FloatVector.broadcast(Lanes.F, q[q0 + d]);
          a0 = x0.fma(v, a0);
          a1 = x1.fma(v, a1);
          a2 = x2.fma(v, a2);
          a3 = x3.fma(v, a3);
          v = FloatVector.broadcast(Lanes.F, q[q1 + d]);
          b0 = x0.fma(v, b0);
          b1 = x1.fma(v, b1);
          b2 = x2.fma(v, b2);
          b3 = x3.fma(v, b3);
          v = FloatVector.broadcast(Lanes.F, q[q2 + d]);
          c0 = x0.fma(v, c0);
          c1 = x1.fma(v, c1);
          c2 = x2.fma(v, c2);
          c3 = x3.fma(v, c3);
        }
      }
      int o0 = i * PageLayout.SLOTS + slot;
      int o1 = i1 * PageLayout.SLOTS + slot;
      int o2 = i2 * PageLayout.SLOTS + slot;
      a0.intoArray(out, o0);
      a1.intoArray(out, o0 + Lanes.N);
      a2.intoArray(out, o0 + 2 * Lanes.N);
      a3.intoArray(out, o0 + 3 * Lanes.N);
      b0.intoArray(out, o1);
      b1.intoArray(out, o1 + Lanes.N);
      b2.intoArray(out, o1 + 2 * Lanes.N);
      b3.intoArray(out, o1 + 3 * Lanes.N);
      c0.intoArray(out, o2);
      c1.intoArray(out, o2 + Lanes.N);
      c2.intoArray(out, o2 + 2 * Lanes.N);
      c3.intoArray(out, o2 + 3 * Lanes.N);
    }
  }

  /** Weighted sums of queries {@code i} to {@code i + 3}, two vectors of channels at a time. */
  private static void sumsOf4(
      PageLayout layout, float[] w, int i, long page, int rows, float[] acc) {
    int dim = layout.dim();
    int i1 = i + 1;
    int i2 = i + 2;
    int i3 = i + 3;
    int w0 = i * PageLayout.SLOTS;
    int w1 = i1 * PageLayout.SLOTS;
    int w2 = i2 * PageLayout.SLOTS;
    int w3 = i3 * PageLayout.SLOTS;
    for (int d = 0; d < dim; d += 2 * Lanes.N) {
      int e = Math.min(d + Lanes.N, dim - Lanes.N);
      FloatVector a0 = FloatVector.fromArray(Lanes.F, acc, i * dim + d);
      FloatVector a1 = FloatVector.fromArray(Lanes.F, acc, i1 * dim + d);
      FloatVector a2 = FloatVector.fromArray(Lanes.F, acc, i2 * dim + d);
      FloatVector a3 = FloatVector.fromArray(Lanes.F, acc, i3 * dim + d);
      FloatVector b0 = FloatVector.fromArray(Lanes.F, acc, i * dim + e);
      FloatVector b1 = FloatVector.fromArray(Lanes.F, acc, i1 * dim + e);
      FloatVector b2 = FloatVector.fromArray(Lanes.F, acc, i2 * dim + e);
      FloatVector b3 = FloatVector.fromArray(Lanes.F, acc, i3 * dim + e);
      long row = 0;
      for (int r = 0; r < rows; r++, row += 2L * dim) {
        FloatVector x = Half.widenFinite(Lanes.shorts(page + row + 2L * d));
        FloatVector y = Half.widenFinite(Lanes.shorts(page + row + 2L * e));
        FloatVector v = FloatVector.broadcast(Lanes.F, w[w0 + r]);
        a0 = x.fma(v, a0);
        b0 = y.fma(v, b0);
        v = FloatVector.broadcast(Lanes.F, w[w1 + r]);
        a1 = x.fma(v, a1);
        b1 = y.fma(v, b1);
        v = FloatVector.broadcast(Lanes.F, w[w2 + r]);
        a2 = x.fma(v, a2);
        b2 = y.fma(v, b2);
        v = FloatVector.broadcast(Lanes.F, w[w3 + r]);
        a3 = x.fma(v, a3);
        b3 = y.fma(v, b3);
      }
      a0.intoArray(acc, i * dim + d);
      a1.intoArray(acc, i1 * dim + d);
      a2.intoArray(acc, i2 * dim + d);
      a3.intoArray(acc, i3 * dim + d);
      b0.intoArray(acc, i * dim + e);
      b1.intoArray(acc, i1 * dim + e);
      b2.intoArray(acc, i2 * dim + e);
      b3.intoArray(acc, i3 * dim + e);
    }
  }

  /**
   * Weighted sums of up to three queries from query {@code i} on, four vectors of channels at a
   * time.
   */
  private static void sumsOf3(
      PageLayout layout, float[] w, int i, int count, long page, int rows, float[] acc) {
    int dim = layout.dim();
    int i1 = Math.min(i + 1, count - 1);
    int i2 = Math.min(i + 2, count - 1);
    int w0 = i * PageLayout.SLOTS;
    int w1 = i1 * PageLayout.SLOTS;
    int w2 = i2 * PageLayout.SLOTS;
    int o0 = i * dim;
    int o1 = i1 * dim;
    int o2 = i2 * dim;
    for (int d = 0; d < dim; d += 4 * Lanes.N) {
      int d1 = Math.min(d + Lanes.N, dim - Lanes.N);
      int d2 = Math.min(d + 2 * Lanes.N, dim - Lanes.N);
      int d3 = Math.min(d + 3 * Lanes.N, dim - Lanes.N);
      FloatVector a0 = FloatVector.fromArray(Lanes.F, acc, o0 + d);
      FloatVector a1 = FloatVector.fromArray(Lanes.F, acc, o0 + d1);
      FloatVector a2 = FloatVector.fromArray(Lanes.F, acc, o0 + d2);
      FloatVector a3 = FloatVector.fromArray(Lanes.F, acc, o0 + d3);
      FloatVector b0 = FloatVector.fromArray(Lanes.F, acc, o1 + d);
      FloatVector b1 = FloatVector.fromArray(Lanes.F, acc, o1 + d1);
      FloatVector b2 = FloatVector.fromArray(Lanes.F, acc, o1 + d2);
      FloatVector b3 = FloatVector.fromArray(Lanes.F, acc, o1 + d3);
      FloatVector c0 = FloatVector.fromArray(Lanes.F, acc, o2 + d);
      FloatVector c1 = FloatVector.fromArray(Lanes.F, acc, o2 + d1);
      FloatVector c2 = FloatVector.fromArray(Lanes.F, acc, o2 + d2);
      FloatVector c3 = FloatVector.fromArray(Lanes.F, acc, o2 + d3);

      long row = 0;
      for (int r = 0; r < rows; r++, row += 2L * dim) {
        FloatVector x0 = Half.widenFinite(Lanes.shorts(page + row + 2L * d));
        FloatVector x1 = Half.widenFinite(Lanes.shorts(page + row + 2L * d1));
        FloatVector x2 = Half.widenFinite(Lanes.shorts(page + row + 2L * d2));
        FloatVector x3 = Half.widenFinite(Lanes.shorts(page + row + 2L * d3));
        FloatVector v = FloatVector.broadcast(Lanes.F, w[w0 + r]);
        a0 = x0.fma(v, a0);
        a1 = x1.fma(v, a1);
        a2 = x2.fma(v, a2);
        a3 = x3.fma(v, a3);
        v = FloatVector.broadcast(Lanes.F, w[w1 + r]);
        b0 = x0.fma(v, b0);
        b1 = x1.fma(v, b1);
        b2 = x2.fma(v, b2);
        b3 = x3.fma(v, b3);
        v = FloatVector.broadcast(Lanes.F, w[w2 + r]);
        c0 = x0.fma(v, c0);
        c1 = x1.fma(v, c1);
        c2 = x2.fma(v, c2);
        c3 = x3.fma(v, c3);
      }
      a0.intoArray(acc, o0 + d);
      a1.intoArray(acc, o0 + d1);
      a2.intoArray(acc, o0 + d2);
      a3.intoArray(acc, o0 + d3);
      b0.intoArray(acc, o1 + d);
      b1.intoArray(acc, o1 + d1);
      b2.intoArray(acc, o1 + d2);
      b3.intoArray(acc, o1 + d3);
      c0.intoArray(acc, o2 + d);
      c1.intoArray(acc, o2 + d1);
      c2.intoArray(acc, o2 + d2);
      c3.intoArray(acc, o2 + d3);
    }
  }
}
