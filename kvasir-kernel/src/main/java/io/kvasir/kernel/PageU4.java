package io.kvasir.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Attention on pages of {@link PageLayout.Code#U4}; contract: {@link Pages}.
 *
 * <p>Keys go one vector of slots at a time: with two, and the side data of both, the method
 * outgrows what C2 will inline (NodeCountInliningCutoff), and its vectors are boxed.
 */
final class PageU4 {
  private PageU4() {}

  static void scores(PageLayout layout, float[] q, int count, long page, int rows, float[] out) {
    int dim = layout.dim();
    PageLayout.Side side = layout.side();
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
      for (int slot = 0; slot < rows; slot += Lanes.N) {
        FloatVector s0 = FloatVector.zero(Lanes.F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        long at = codesAt + 4L * slot;
        int d = 0;
        for (int block = 0; block < blocks; block++) {
          long entry = 2L * (block * PageLayout.SLOTS + slot);
          IntVector sides = Lanes.shorts(page + entry);
          IntVector zeros = side.zero(sides);
          FloatVector a0 = FloatVector.zero(Lanes.F);
          FloatVector a1 = a0;
          FloatVector a2 = a0;
          FloatVector a3 = a0;
          for (int end = d + layout.block(); d < end; at += 4 * PageLayout.SLOTS) {
            IntVector words = IntVector.fromMemorySegment(Lanes.I, Native.ALL, page + at, Lanes.LE);
            for (int c = 0; c < 8; c++, d++) {
              FloatVector x =
                  (FloatVector)
                      words.lanewise(LSHR, 4 * c).and(15).sub(zeros).convertShape(I2F, Lanes.F, 0);
              FloatVector v = FloatVector.broadcast(Lanes.F, q[q0 + d]);
              a0 = x.fma(v, a0);
              v = FloatVector.broadcast(Lanes.F, q[q1 + d]);
              a1 = x.fma(v, a1);
              v = FloatVector.broadcast(Lanes.F, q[q2 + d]);
              a2 = x.fma(v, a2);
              v = FloatVector.broadcast(Lanes.F, q[q3 + d]);
              a3 = x.fma(v, a3);
            }
          }
          FloatVector x = Half.widenFinite(side.scale(sides));
          s0 = x.fma(a0, s0);
          s1 = x.fma(a1, s1);
          s2 = x.fma(a2, s2);
          s3 = x.fma(a3, s3);
        }
        s0.intoArray(out, i * PageLayout.SLOTS + slot);
        s1.intoArray(out, i1 * PageLayout.SLOTS + slot);
        s2.intoArray(out, i2 * PageLayout.SLOTS + slot);
        s3.intoArray(out, i3 * PageLayout.SLOTS + slot);
      }
    }
  }

  static void accumulate(
      PageLayout layout, float[] w, int count, long page, int rows, float[] acc) {
    int dim = layout.dim();
    PageLayout.Side side = layout.side();
    long rowBytes = layout.rowBytes();
    long entries = layout.blocks() * side.bytes();
    for (int i = 0; i < count; i += Tile.QUERIES) {
      int i1 = Math.min(i + 1, count - 1);
      int i2 = Math.min(i + 2, count - 1);
      int i3 = Math.min(i + 3, count - 1);
      int w0 = i * PageLayout.SLOTS;
      int w1 = i1 * PageLayout.SLOTS;
      int w2 = i2 * PageLayout.SLOTS;
      int w3 = i3 * PageLayout.SLOTS;
      for (int d = 0; d < dim; d = Tile.next(d)) {
        int e = d + Tile.APART;
        FloatVector a0 = FloatVector.fromArray(Lanes.F, acc, i * dim + d);
        FloatVector a1 = FloatVector.fromArray(Lanes.F, acc, i1 * dim + d);
        FloatVector a2 = FloatVector.fromArray(Lanes.F, acc, i2 * dim + d);
        FloatVector a3 = FloatVector.fromArray(Lanes.F, acc, i3 * dim + d);
        FloatVector b0 = FloatVector.fromArray(Lanes.F, acc, i * dim + e);
        FloatVector b1 = FloatVector.fromArray(Lanes.F, acc, i1 * dim + e);
        FloatVector b2 = FloatVector.fromArray(Lanes.F, acc, i2 * dim + e);
        FloatVector b3 = FloatVector.fromArray(Lanes.F, acc, i3 * dim + e);
        long entry = (long) d / layout.block() * side.bytes();
        long row = layout.codesAt() + d / 32 * 16 + d % 16;
        for (int r = 0; r < rows; r++, row += rowBytes, entry += entries) {
          int sides = Native.bits(page + entry);
          float scale = side.scale(sides);
          float min = side.min(sides, scale);
          IntVector both = Tile.bytes(page + row);
          FloatVector x =
              ((FloatVector) both.and(15).convertShape(I2F, Lanes.F, 0))
                  .fma(FloatVector.broadcast(Lanes.F, scale), FloatVector.broadcast(Lanes.F, min));
          FloatVector y =
              ((FloatVector) both.lanewise(LSHR, 4).and(15).convertShape(I2F, Lanes.F, 0))
                  .fma(FloatVector.broadcast(Lanes.F, scale), FloatVector.broadcast(Lanes.F, min));
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
