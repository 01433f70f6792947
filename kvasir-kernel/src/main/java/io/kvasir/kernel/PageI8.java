package io.kvasir.kernel;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Attention on pages of {@link PageLayout.Code#I8}; contract: {@link Pages}. */
final class PageI8 {
  private PageI8() {}

  static void scores(PageLayout layout, float[] q, int count, long page, int rows, float[] out) {
    int size;
    for (int i = 0; i < count; i += size) {
      size = layout.blocks() == 1 ? Tile.queries(count - i) : 4;
      if (size == 4) {
        scoresOf4(layout, q, i, count, page, rows, out);
      } else {
        scoresOf3(layout, q, i, count, page, rows, out);
      }
    }
  }

  static void accumulate(
      PageLayout layout, float[] w, int count, long page, int rows, float[] acc) {
    int size;
    for (int i = 0; i < count; i += size) {
      size = layout.blocks() == 1 ? Tile.queries(count - i) : 4;
      if (size == 4) {
        sumsOf4(layout, w, i, count, page, rows, acc);
      } else {
        sumsOf3(layout, w, i, count, page, rows, acc);
      }
    }
  }

  /** Scores of up to four queries from query {@code i} on, two vectors of slots at a time. */
  private static void scoresOf4(
      PageLayout layout, float[] q, int i, int count, long page, int rows, float[] out) {
    int dim = layout.dim();
    int blocks = layout.blocks();
    long codesAt = layout.codesAt();
    int i1 = Math.min(i + 1, count - 1);
    int i2 = Math.min(i + 2, count - 1);
    int i3 = Math.min(i + 3, count - 1);
    int q0 = i * dim;
    int q1 = i1 * dim;
    int q2 = i2 * dim;
    int q3 = i3 * dim;
    for (int slot = 0; slot < rows; slot += Tile.SLOTS) {
      FloatVector s0 = FloatVector.zero(Lanes.F);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      FloatVector t0 = s0;
      FloatVector t1 = s0;
      FloatVector t2 = s0;
      FloatVector t3 = s0;
      long at = codesAt + 4L * slot;
      int d = 0;
      for (int block = 0; block < blocks; block++) {
        FloatVector a0 = FloatVector.zero(Lanes.F);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        for (int end = d + layout.block(); d < end; at += 4 * PageLayout.SLOTS) {
          IntVector xs = IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at, Lanes.LE);
          IntVector ys =
              IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at + 4 * Lanes.N, Lanes.LE);
          for (int c = 0; c < 4; c++, d++) {
            FloatVector x =
                (FloatVector)
                    xs.lanewise(LSHL, 24 - 8 * c).lanewise(ASHR, 24).convertShape(I2F, Lanes.F, 0);
            FloatVector y =
                (FloatVector)
                    ys.lanewise(LSHL, 24 - 8 * c).lanewise(ASHR, 24).convertShape(I2F, Lanes.F, 0);
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
        long entry = 2L * (block * PageLayout.SLOTS + slot);
        FloatVector x = Half.widenFinite(Lanes.shorts(page + entry));
        FloatVector y = Half.widenFinite(Lanes.shorts(page + entry + 2 * Lanes.N));
        s0 = x.fma(a0, s0);
        t0 = y.fma(b0, t0);
        s1 = x.fma(a1, s1);
        t1 = y.fma(b1, t1);
        s2 = x.fma(a2, s2);
        t2 = y.fma(b2, t2);
        s3 = x.fma(a3, s3);
        t3 = y.fma(b3, t3);
      }
      s0.intoArray(out, i * PageLayout.SLOTS + slot);
      s1.intoArray(out, i1 * PageLayout.SLOTS + slot);
      s2.intoArray(out, i2 * PageLayout.SLOTS + slot);
      s3.intoArray(out, i3 * PageLayout.SLOTS + slot);
      t0.intoArray(out, i * PageLayout.SLOTS + slot + Lanes.N);
      t1.intoArray(out, i1 * PageLayout.SLOTS + slot + Lanes.N);
      t2.intoArray(out, i2 * PageLayout.SLOTS + slot + Lanes.N);
      t3.intoArray(out, i3 * PageLayout.SLOTS + slot + Lanes.N);
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
      FloatVector zero = FloatVector.zero(Lanes.F);
      FloatVector a0 = zero;
      FloatVector a1 = zero;
      FloatVector a2 = zero;
      FloatVector a3 = zero;
      FloatVector b0 = zero;
      FloatVector b1 = zero;
      FloatVector b2 = zero;
      FloatVector b3 = zero;
      FloatVector c0 = zero;
      FloatVector c1 = zero;
      FloatVector c2 = zero;
      FloatVector c3 = zero;

      long at = layout.codesAt() + 4L * slot;
      for (int d = 0; d < dim; at += 4 * PageLayout.SLOTS) {
        IntVector w0 = IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at, Lanes.LE);
        IntVector w1 =
            IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at + 4 * Lanes.N, Lanes.LE);
        IntVector w2 =
            IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at + 8 * Lanes.N, Lanes.LE);
        IntVector w3 =
            IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at + 12 * Lanes.N, Lanes.LE);
        for (int c = 24; c >= 0; c -= 8, d++) {
          FloatVector x0 =
              (FloatVector) w0.lanewise(LSHL, c).lanewise(ASHR, 24).convertShape(I2F, Lanes.F, 0);
          FloatVector x1 =
              (FloatVector) w1.lanewise(LSHL, c).lanewise(ASHR, 24).convertShape(I2F, Lanes.F, 0);
          FloatVector x2 =
              (FloatVector) w2.lanewise(LSHL, c).lanewise(ASHR, 24).convertShape(I2F, Lanes.F, 0);
          FloatVector x3 =
              (FloatVector) w3.lanewise(LSHL, c).lanewise(ASHR, 24).convertShape(I2F, Lanes.F, 0);
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
      a0.intoArray(out, o0);
      a1.intoArray(out, o0 + Lanes.N);
      a2.intoArray(out, o0 + 2 * Lanes.N);
      a3.intoArray(out, o0 + 3 * Lanes.N);
      int o1 = i1 * PageLayout.SLOTS + slot;
      b0.intoArray(out, o1);
      b1.intoArray(out, o1 + Lanes.N);
      b2.intoArray(out, o1 + 2 * Lanes.N);
      b3.intoArray(out, o1 + 3 * Lanes.N);
      int o2 = i2 * PageLayout.SLOTS + slot;
      c0.intoArray(out, o2);
      c1.intoArray(out, o2 + Lanes.N);
      c2.intoArray(out, o2 + 2 * Lanes.N);
      c3.intoArray(out, o2 + 3 * Lanes.N);
    }
    scale(page, rows, out, i * PageLayout.SLOTS);
    if (i1 > i) {
      scale(page, rows, out, i1 * PageLayout.SLOTS);
    }
    if (i2 > i1) {
      scale(page, rows, out, i2 * PageLayout.SLOTS);
    }
  }

  /** Multiplies the sums of a query, in memory: no vector crosses the call. */
  private static void scale(long page, int rows, float[] out, int at) {
    for (int slot = 0; slot < rows; slot += Lanes.N) {
      Half.widenFinite(Lanes.shorts(page + 2L * slot))
          .fma(FloatVector.fromArray(Lanes.F, out, at + slot), FloatVector.zero(Lanes.F))
          .intoArray(out, at + slot);
    }
  }

  /**
   * Weighted sums of up to four queries from query {@code i} on, two vectors of channels at a time.
   */
  private static void sumsOf4(
      PageLayout layout, float[] w, int i, int count, long page, int rows, float[] acc) {
    int dim = layout.dim();
    long entries = 2L * layout.blocks();
    int i1 = Math.min(i + 1, count - 1);
    int i2 = Math.min(i + 2, count - 1);
    int i3 = Math.min(i + 3, count - 1);
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
      long entry = 2L * (d / layout.block());
      long row = layout.codesAt();
      for (int r = 0; r < rows; r++, row += dim, entry += entries) {
        float scale = Native.half(page + entry);
        FloatVector x =
            ((FloatVector) Tile.bytes(page + row + d).convertShape(I2F, Lanes.F, 0)).mul(scale);
        FloatVector y =
            ((FloatVector) Tile.bytes(page + row + e).convertShape(I2F, Lanes.F, 0)).mul(scale);
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

      long row = layout.codesAt();
      for (int r = 0; r < rows; r++, row += dim) {
        float scale = Native.half(page + 2L * r);
        FloatVector x0 =
            ((FloatVector) Tile.bytes(page + row + d).convertShape(I2F, Lanes.F, 0)).mul(scale);
        FloatVector x1 =
            ((FloatVector) Tile.bytes(page + row + d1).convertShape(I2F, Lanes.F, 0)).mul(scale);
        FloatVector x2 =
            ((FloatVector) Tile.bytes(page + row + d2).convertShape(I2F, Lanes.F, 0)).mul(scale);
        FloatVector x3 =
            ((FloatVector) Tile.bytes(page + row + d3).convertShape(I2F, Lanes.F, 0)).mul(scale);
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
