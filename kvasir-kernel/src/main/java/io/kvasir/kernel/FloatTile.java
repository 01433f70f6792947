package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Products of many rows with a page of f32: six rows meet two vectors of the page at a time. Twelve
 * sums hide the latency of fma, and with two vectors of the page and one number of a row they fill
 * the sixteen registers of a machine that has no more. Three rows that are left, or all that a
 * decoded token has, meet four vectors. Defined by {@link FloatTileRef}.
 */
public final class FloatTile {
  /** Rows of a tile. */
  public static final int ROWS = 6;

  /** Rows come in multiples of this; a caller pads its arrays. */
  private static final int UNIT = 3;

  private FloatTile() {}

  /** To how many rows a caller pads its arrays. */
  public static int padded(int rows) {
    return (rows + UNIT - 1) / UNIT * UNIT;
  }

  /**
   * {@code c[i][j] += sum_k a[i][k] * b[k][j]}: from c, by fma, k ascending.
   *
   * @param a row i at {@code i * width}
   * @param rows of a and c, {@link #padded}
   * @param depth numbers of a row of a that count, at most {@code width}
   * @param b f32, little-endian, [depth][columns]; native, best aligned to a vector
   * @param c [rows][columns]
   * @param columns a multiple of 16
   */
  public static void multiplyAdd(
      float[] a, int width, int rows, int depth, MemorySegment b, float[] c, int columns) {
    long first = Native.address(b, 0, 4L * depth * columns);
    int i = 0;
    for (; i <= rows - ROWS; i += ROWS) {
      six(a, i, width, depth, first, c, columns);
    }
    if (i < rows) {
      three(a, i, width, depth, first, c, columns);
    }
  }

  private static void six(
      float[] a, int i, int width, int depth, long first, float[] c, int columns) {
    int a0 = i * width;
    int a1 = a0 + width;
    int a2 = a1 + width;
    int a3 = a2 + width;
    int a4 = a3 + width;
    int a5 = a4 + width;
    int c0 = i * columns;
    int c1 = c0 + columns;
    int c2 = c1 + columns;
    int c3 = c2 + columns;
    int c4 = c3 + columns;
    int c5 = c4 + columns;
    for (int j = 0; j < columns; j += 2 * Lanes.N) {
      int e = Math.min(j + Lanes.N, columns - Lanes.N); // the last vector again: twice is once
      FloatVector x0 = FloatVector.fromArray(Lanes.F, c, c0 + j);
      FloatVector x1 = FloatVector.fromArray(Lanes.F, c, c1 + j);
      FloatVector x2 = FloatVector.fromArray(Lanes.F, c, c2 + j);
      FloatVector x3 = FloatVector.fromArray(Lanes.F, c, c3 + j);
      FloatVector x4 = FloatVector.fromArray(Lanes.F, c, c4 + j);
      FloatVector x5 = FloatVector.fromArray(Lanes.F, c, c5 + j);
      FloatVector y0 = FloatVector.fromArray(Lanes.F, c, c0 + e);
      FloatVector y1 = FloatVector.fromArray(Lanes.F, c, c1 + e);
      FloatVector y2 = FloatVector.fromArray(Lanes.F, c, c2 + e);
      FloatVector y3 = FloatVector.fromArray(Lanes.F, c, c3 + e);
      FloatVector y4 = FloatVector.fromArray(Lanes.F, c, c4 + e);
      FloatVector y5 = FloatVector.fromArray(Lanes.F, c, c5 + e);
      long at = first;
      for (int k = 0; k < depth; k++, at += 4L * columns) {
        FloatVector x = FloatVector.fromMemorySegment(Lanes.F, Native.ALL, at + 4L * j, Lanes.LE);
        FloatVector y = FloatVector.fromMemorySegment(Lanes.F, Native.ALL, at + 4L * e, Lanes.LE);
        FloatVector v = FloatVector.broadcast(Lanes.F, a[a0 + k]);
        x0 = x.fma(v, x0);
        y0 = y.fma(v, y0);
        v = FloatVector.broadcast(Lanes.F, a[a1 + k]);
        x1 = x.fma(v, x1);
        y1 = y.fma(v, y1);
        v = FloatVector.broadcast(Lanes.F, a[a2 + k]);
        x2 = x.fma(v, x2);
        y2 = y.fma(v, y2);
        v = FloatVector.broadcast(Lanes.F, a[a3 + k]);
        x3 = x.fma(v, x3);
        y3 = y.fma(v, y3);
        v = FloatVector.broadcast(Lanes.F, a[a4 + k]);
        x4 = x.fma(v, x4);
        y4 = y.fma(v, y4);
        v = FloatVector.broadcast(Lanes.F, a[a5 + k]);
        x5 = x.fma(v, x5);
        y5 = y.fma(v, y5);
      }
      x0.intoArray(c, c0 + j);
      x1.intoArray(c, c1 + j);
      x2.intoArray(c, c2 + j);
      x3.intoArray(c, c3 + j);
      x4.intoArray(c, c4 + j);
      x5.intoArray(c, c5 + j);
      y0.intoArray(c, c0 + e);
      y1.intoArray(c, c1 + e);
      y2.intoArray(c, c2 + e);
      y3.intoArray(c, c3 + e);
      y4.intoArray(c, c4 + e);
      y5.intoArray(c, c5 + e);
    }
  }

  private static void three(
      float[] a, int i, int width, int depth, long first, float[] c, int columns) {
    int a0 = i * width;
    int a1 = a0 + width;
    int a2 = a1 + width;
    int c0 = i * columns;
    int c1 = c0 + columns;
    int c2 = c1 + columns;
    int last = columns - Lanes.N; // where the last vector comes again: twice is once
    for (int j = 0; j < columns; j += 4 * Lanes.N) {
      int e = Math.min(j + Lanes.N, last);
      int f = Math.min(j + 2 * Lanes.N, last);
      int g = Math.min(j + 3 * Lanes.N, last);
      FloatVector x0 = FloatVector.fromArray(Lanes.F, c, c0 + j);
      FloatVector x1 = FloatVector.fromArray(Lanes.F, c, c1 + j);
      FloatVector x2 = FloatVector.fromArray(Lanes.F, c, c2 + j);
      FloatVector y0 = FloatVector.fromArray(Lanes.F, c, c0 + e);
      FloatVector y1 = FloatVector.fromArray(Lanes.F, c, c1 + e);
      FloatVector y2 = FloatVector.fromArray(Lanes.F, c, c2 + e);
      FloatVector z0 = FloatVector.fromArray(Lanes.F, c, c0 + f);
      FloatVector z1 = FloatVector.fromArray(Lanes.F, c, c1 + f);
      FloatVector z2 = FloatVector.fromArray(Lanes.F, c, c2 + f);
      FloatVector w0 = FloatVector.fromArray(Lanes.F, c, c0 + g);
      FloatVector w1 = FloatVector.fromArray(Lanes.F, c, c1 + g);
      FloatVector w2 = FloatVector.fromArray(Lanes.F, c, c2 + g);
      long at = first;
      for (int k = 0; k < depth; k++, at += 4L * columns) {
        FloatVector x = FloatVector.fromMemorySegment(Lanes.F, Native.ALL, at + 4L * j, Lanes.LE);
        FloatVector y = FloatVector.fromMemorySegment(Lanes.F, Native.ALL, at + 4L * e, Lanes.LE);
        FloatVector z = FloatVector.fromMemorySegment(Lanes.F, Native.ALL, at + 4L * f, Lanes.LE);
        FloatVector w = FloatVector.fromMemorySegment(Lanes.F, Native.ALL, at + 4L * g, Lanes.LE);
        FloatVector v = FloatVector.broadcast(Lanes.F, a[a0 + k]);
        x0 = x.fma(v, x0);
        y0 = y.fma(v, y0);
        z0 = z.fma(v, z0);
        w0 = w.fma(v, w0);
        v = FloatVector.broadcast(Lanes.F, a[a1 + k]);
        x1 = x.fma(v, x1);
        y1 = y.fma(v, y1);
        z1 = z.fma(v, z1);
        w1 = w.fma(v, w1);
        v = FloatVector.broadcast(Lanes.F, a[a2 + k]);
        x2 = x.fma(v, x2);
        y2 = y.fma(v, y2);
        z2 = z.fma(v, z2);
        w2 = w.fma(v, w2);
      }
      x0.intoArray(c, c0 + j);
      x1.intoArray(c, c1 + j);
      x2.intoArray(c, c2 + j);
      y0.intoArray(c, c0 + e);
      y1.intoArray(c, c1 + e);
      y2.intoArray(c, c2 + e);
      z0.intoArray(c, c0 + f);
      z1.intoArray(c, c1 + f);
      z2.intoArray(c, c2 + f);
      w0.intoArray(c, c0 + g);
      w1.intoArray(c, c1 + g);
      w2.intoArray(c, c2 + g);
    }
  }
}
