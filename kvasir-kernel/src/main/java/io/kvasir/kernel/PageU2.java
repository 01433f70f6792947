package io.kvasir.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Weighted sums on pages of {@link PageLayout.Code#U2}; contract: {@link Pages}. */
final class PageU2 {
  private static final IntVector TWOS = IntVector.zero(Lanes.I).addIndex(2);

  private PageU2() {}

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
        IntVector shifts = TWOS.add(2 * (d % Tile.APART));
        FloatVector a0 = FloatVector.fromArray(Lanes.F, acc, i * dim + d);
        FloatVector a1 = FloatVector.fromArray(Lanes.F, acc, i1 * dim + d);
        FloatVector a2 = FloatVector.fromArray(Lanes.F, acc, i2 * dim + d);
        FloatVector a3 = FloatVector.fromArray(Lanes.F, acc, i3 * dim + d);
        FloatVector b0 = FloatVector.fromArray(Lanes.F, acc, i * dim + e);
        FloatVector b1 = FloatVector.fromArray(Lanes.F, acc, i1 * dim + e);
        FloatVector b2 = FloatVector.fromArray(Lanes.F, acc, i2 * dim + e);
        FloatVector b3 = FloatVector.fromArray(Lanes.F, acc, i3 * dim + e);
        long entry = (long) d / layout.block() * side.bytes();
        long row = layout.codesAt() + d / 32 * 8;
        for (int r = 0; r < rows; r++, row += rowBytes, entry += entries) {
          int sides = side.entry(page + entry);
          FloatVector scale = FloatVector.broadcast(Lanes.F, side.scale(sides));
          FloatVector min = FloatVector.broadcast(Lanes.F, side.min(sides, 0));
          IntVector xs = IntVector.broadcast(Lanes.I, Native.word(page + row));
          IntVector ys = IntVector.broadcast(Lanes.I, Native.word(page + row + 4));
          FloatVector x =
              ((FloatVector) xs.lanewise(LSHR, shifts).and(3).convertShape(I2F, Lanes.F, 0))
                  .fma(scale, min);
          FloatVector y =
              ((FloatVector) ys.lanewise(LSHR, shifts).and(3).convertShape(I2F, Lanes.F, 0))
                  .fma(scale, min);
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
