package io.kvasir.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Attention on pages of {@link PageLayout.Code#F32}; contract: {@link Pages}. */
final class PageF32 {
  private PageF32() {}

  static void scores(PageLayout layout, float[] q, int count, long page, int rows, float[] out) {
    int dim = layout.dim();
    for (int i = 0; i < count; i += Tile.QUERIES) {
      int i1 = Math.min(i + 1, count - 1);
      int i2 = Math.min(i + 2, count - 1);
      int i3 = Math.min(i + 3, count - 1);
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
        for (int d = 0; d < dim; d++, at += 4 * PageLayout.SLOTS) {
          FloatVector x =
              IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at, Lanes.LE)
                  .reinterpretAsFloats();
          FloatVector y =
              IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at + 4 * Lanes.N, Lanes.LE)
                  .reinterpretAsFloats();
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
  }

  static void accumulate(
      PageLayout layout, float[] w, int count, long page, int rows, float[] acc) {
    int dim = layout.dim();
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
        long row = 0;
        for (int r = 0; r < rows; r++, row += 4L * dim) {
          FloatVector x =
              IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + row + 4L * d, Lanes.LE)
                  .reinterpretAsFloats();
          FloatVector y =
              IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + row + 4L * e, Lanes.LE)
                  .reinterpretAsFloats();
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
