package io.kvasir.kernel;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Attention on pages of {@link PageLayout.Code#I8}; contract: {@link Pages}. */
final class PageI8 {
  private PageI8() {}

  static void scores(
      PageLayout layout, float[] q, int count, MemorySegment page, int rows, float[] out) {
    int dim = layout.dim();
    int blocks = layout.blocks();
    long codesAt = layout.codesAt();
    for (int i = 0; i < count; i += Tile.QUERIES) {
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
            IntVector xs = IntVector.fromMemorySegment(Lanes.I, page, at, Lanes.LE);
            IntVector ys = IntVector.fromMemorySegment(Lanes.I, page, at + 4 * Lanes.N, Lanes.LE);
            for (int c = 0; c < 4; c++, d++) {
              FloatVector x =
                  (FloatVector)
                      xs.lanewise(LSHL, 24 - 8 * c)
                          .lanewise(ASHR, 24)
                          .convertShape(I2F, Lanes.F, 0);
              FloatVector y =
                  (FloatVector)
                      ys.lanewise(LSHL, 24 - 8 * c)
                          .lanewise(ASHR, 24)
                          .convertShape(I2F, Lanes.F, 0);
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
          FloatVector x = Half.widenFinite(Lanes.shorts(page, entry));
          FloatVector y = Half.widenFinite(Lanes.shorts(page, entry + 2 * Lanes.N));
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
  }

  static void accumulate(
      PageLayout layout, float[] w, int count, MemorySegment page, int rows, float[] acc) {
    int dim = layout.dim();
    long entries = 2L * layout.blocks();
    for (int i = 0; i < count; i += Tile.QUERIES) {
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
          float scale = Half.get(page, entry);
          FloatVector x =
              ((FloatVector) Tile.bytes(page, row + d).convertShape(I2F, Lanes.F, 0)).mul(scale);
          FloatVector y =
              ((FloatVector) Tile.bytes(page, row + e).convertShape(I2F, Lanes.F, 0)).mul(scale);
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
  }
}
