package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Products of a few queries with a page of keys that lie before their rotation: keys turn on their
 * way to the queries, and nobody stores them. Three queries meet two vectors of a pair of rows at a
 * time. Defined by {@link TurnedTileRef}.
 */
public final class TurnedTile {
  private TurnedTile() {}

  /**
   * {@code out[i][j] += q_i . R_j k_j} for 64 keys: from out, by fma, the rows of a pair one after
   * the other, pairs ascending, then the rows that do not turn.
   *
   * @param keys f32[D][64], little-endian, native
   * @param q [count][D]; rows of q and out padded as {@link FloatTile#padded} says
   * @param out [count][64]
   */
  public static void multiplyAdd(
      float[] q, int dim, int count, MemorySegment keys, Turns turns, float[] out) {
    long first = Native.address(keys, 0, 4L * Turns.COLUMNS * dim);
    for (int i = 0; i < count; i += 3) {
      three(q, i, dim, first, turns, out);
    }
    if (2 * turns.half() < dim) {
      still(q, dim, count, first, 2 * turns.half(), out);
    }
  }

  private static void three(float[] q, int i, int dim, long keys, Turns turns, float[] out) {
    float[] table = turns.table();
    int half = turns.half();
    int sines = turns.sines();
    int lowStep = turns.low(1);
    int highAt = turns.high(0);
    int q0 = i * dim;
    int q1 = q0 + dim;
    int q2 = q1 + dim;
    int o0 = i * Turns.COLUMNS;
    int o1 = o0 + Turns.COLUMNS;
    int o2 = o1 + Turns.COLUMNS;
    for (int j = 0; j < Turns.COLUMNS; j += 2 * Lanes.N) {
      int e = j + Lanes.N;
      FloatVector x0 = FloatVector.fromArray(Lanes.F, out, o0 + j);
      FloatVector x1 = FloatVector.fromArray(Lanes.F, out, o1 + j);
      FloatVector x2 = FloatVector.fromArray(Lanes.F, out, o2 + j);
      FloatVector y0 = FloatVector.fromArray(Lanes.F, out, o0 + e);
      FloatVector y1 = FloatVector.fromArray(Lanes.F, out, o1 + e);
      FloatVector y2 = FloatVector.fromArray(Lanes.F, out, o2 + e);
      for (int p = 0; p < half; p++) {
        int low = p * lowStep;
        int high = low + highAt;
        long a = keys + 4L * (Turns.COLUMNS * low + j);
        long b = keys + 4L * (Turns.COLUMNS * high + j);
        int turn = Turns.COLUMNS * p + j;
        FloatVector cos = FloatVector.fromArray(Lanes.F, table, turn);
        FloatVector sin = FloatVector.fromArray(Lanes.F, table, sines + turn);
        FloatVector k = FloatVector.fromMemorySegment(Lanes.F, Native.ALL, a, Lanes.LE);
        FloatVector l = FloatVector.fromMemorySegment(Lanes.F, Native.ALL, b, Lanes.LE);
        FloatVector xLow = k.fma(cos, l.mul(sin).neg());
        FloatVector xHigh = l.fma(cos, k.mul(sin));
        cos = FloatVector.fromArray(Lanes.F, table, turn + Lanes.N);
        sin = FloatVector.fromArray(Lanes.F, table, sines + turn + Lanes.N);
        k = FloatVector.fromMemorySegment(Lanes.F, Native.ALL, a + 4L * Lanes.N, Lanes.LE);
        l = FloatVector.fromMemorySegment(Lanes.F, Native.ALL, b + 4L * Lanes.N, Lanes.LE);
        FloatVector yLow = k.fma(cos, l.mul(sin).neg());
        FloatVector yHigh = l.fma(cos, k.mul(sin));
        FloatVector v = FloatVector.broadcast(Lanes.F, q[q0 + low]);
        x0 = xLow.fma(v, x0);
        y0 = yLow.fma(v, y0);
        v = FloatVector.broadcast(Lanes.F, q[q1 + low]);
        x1 = xLow.fma(v, x1);
        y1 = yLow.fma(v, y1);
        v = FloatVector.broadcast(Lanes.F, q[q2 + low]);
        x2 = xLow.fma(v, x2);
        y2 = yLow.fma(v, y2);
        v = FloatVector.broadcast(Lanes.F, q[q0 + high]);
        x0 = xHigh.fma(v, x0);
        y0 = yHigh.fma(v, y0);
        v = FloatVector.broadcast(Lanes.F, q[q1 + high]);
        x1 = xHigh.fma(v, x1);
        y1 = yHigh.fma(v, y1);
        v = FloatVector.broadcast(Lanes.F, q[q2 + high]);
        x2 = xHigh.fma(v, x2);
        y2 = yHigh.fma(v, y2);
      }
      x0.intoArray(out, o0 + j);
      x1.intoArray(out, o1 + j);
      x2.intoArray(out, o2 + j);
      y0.intoArray(out, o0 + e);
      y1.intoArray(out, o1 + e);
      y2.intoArray(out, o2 + e);
    }
  }

  /** Rows that do not turn. */
  private static void still(float[] q, int dim, int count, long keys, int from, float[] out) {
    for (int i = 0; i < count; i++) {
      for (int d = from; d < dim; d++) {
        FloatVector v = FloatVector.broadcast(Lanes.F, q[i * dim + d]);
        for (int j = 0; j < Turns.COLUMNS; j += Lanes.N) {
          int o = i * Turns.COLUMNS + j;
          long at = keys + 4L * (Turns.COLUMNS * d + j);
          FloatVector.fromMemorySegment(Lanes.F, Native.ALL, at, Lanes.LE)
              .fma(v, FloatVector.fromArray(Lanes.F, out, o))
              .intoArray(out, o);
        }
      }
    }
  }
}
