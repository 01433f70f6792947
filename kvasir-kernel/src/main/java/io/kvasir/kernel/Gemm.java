package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;

import jdk.incubator.vector.FloatVector;

/**
 * {@code y[t][j] += sum over k of x[t][k] * b[k][j]} in f32.
 *
 * <p>Each y[t][j] starts from its old value and adds {@code x[t][k] * b[k][j]} by fma, k ascending:
 * splitting k over several calls, and any split of t and j, gives the same bits.
 *
 * <p>Vectors pass no method of ours: where C2 has inlined much already (ClipInlining) it stops at
 * even the smallest, and boxes what crosses the call.
 */
public final class Gemm {
  /** Columns that one pass holds in registers; faster when n is a multiple of it. */
  static final int WIDTH = 2 * Lanes.N;

  /** Rows that one pass holds: 2 x 8 sums fit 32 registers, 2 x 4 fit 16. */
  private static final boolean MANY_REGISTERS = Lanes.N == 16;

  private Gemm() {}

  /**
   * The product above.
   *
   * @param x f32 [rows][k]
   * @param b f32 [k][n]
   * @param y f32 [rows][n], read and written; must not overlap x or b
   */
  public static void accumulate(Rows x, int rows, Rows b, int k, int n, Rows y) {
    x.check("x", rows, k);
    b.check("b", k, n);
    y.check("y", rows, n);
    int j = 0;
    if (rows == 1) {
      for (; j <= n - 2 * WIDTH; j += 2 * WIDTH) {
        single(x, b, j, k, y);
      }
    }
    for (; j <= n - WIDTH; j += WIDTH) {
      strip(x, rows, b, j, k, y);
    }
    for (; j <= n - Lanes.N; j += Lanes.N) {
      for (int t = 0; t < rows; t++) {
        narrow(x, t, b, j, k, y);
      }
    }
    for (int t = 0; t < rows; t++) {
      for (int rest = j; rest < n; rest++) {
        scalar(x, t, b, rest, k, y);
      }
    }
  }

  private static void strip(Rows x, int rows, Rows b, int j, int k, Rows y) {
    int t = 0;
    if (MANY_REGISTERS) {
      for (; t <= rows - 8; t += 8) {
        eight(x, t, b, j, k, y);
      }
    }
    for (; t <= rows - 4; t += 4) {
      four(x, t, b, j, k, y);
    }
    for (; t <= rows - 2; t += 2) {
      two(x, t, b, j, k, y);
    }
    if (t < rows) {
      one(x, t, b, j, k, y);
    }
  }

  private static void eight(Rows xs, int t, Rows bs, int j, int k, Rows ys) {
    float[] x = xs.data();
    float[] b = bs.data();
    float[] y = ys.data();
    int n = Lanes.N;
    int y0 = ys.row(t) + j;
    int y1 = y0 + ys.stride();
    int y2 = y1 + ys.stride();
    int y3 = y2 + ys.stride();
    int y4 = y3 + ys.stride();
    int y5 = y4 + ys.stride();
    int y6 = y5 + ys.stride();
    int y7 = y6 + ys.stride();
    FloatVector a0 = FloatVector.fromArray(F, y, y0);
    FloatVector a1 = FloatVector.fromArray(F, y, y1);
    FloatVector a2 = FloatVector.fromArray(F, y, y2);
    FloatVector a3 = FloatVector.fromArray(F, y, y3);
    FloatVector a4 = FloatVector.fromArray(F, y, y4);
    FloatVector a5 = FloatVector.fromArray(F, y, y5);
    FloatVector a6 = FloatVector.fromArray(F, y, y6);
    FloatVector a7 = FloatVector.fromArray(F, y, y7);
    FloatVector c0 = FloatVector.fromArray(F, y, y0 + n);
    FloatVector c1 = FloatVector.fromArray(F, y, y1 + n);
    FloatVector c2 = FloatVector.fromArray(F, y, y2 + n);
    FloatVector c3 = FloatVector.fromArray(F, y, y3 + n);
    FloatVector c4 = FloatVector.fromArray(F, y, y4 + n);
    FloatVector c5 = FloatVector.fromArray(F, y, y5 + n);
    FloatVector c6 = FloatVector.fromArray(F, y, y6 + n);
    FloatVector c7 = FloatVector.fromArray(F, y, y7 + n);
    int x0 = xs.row(t);
    int x1 = x0 + xs.stride();
    int x2 = x1 + xs.stride();
    int x3 = x2 + xs.stride();
    int x4 = x3 + xs.stride();
    int x5 = x4 + xs.stride();
    int x6 = x5 + xs.stride();
    int x7 = x6 + xs.stride();
    int at = bs.at() + j;
    for (int i = 0; i < k; i++, at += bs.stride()) {
      FloatVector left = FloatVector.fromArray(F, b, at);
      FloatVector right = FloatVector.fromArray(F, b, at + n);
      FloatVector v = FloatVector.broadcast(F, x[x0 + i]);
      a0 = left.fma(v, a0);
      c0 = right.fma(v, c0);
      v = FloatVector.broadcast(F, x[x1 + i]);
      a1 = left.fma(v, a1);
      c1 = right.fma(v, c1);
      v = FloatVector.broadcast(F, x[x2 + i]);
      a2 = left.fma(v, a2);
      c2 = right.fma(v, c2);
      v = FloatVector.broadcast(F, x[x3 + i]);
      a3 = left.fma(v, a3);
      c3 = right.fma(v, c3);
      v = FloatVector.broadcast(F, x[x4 + i]);
      a4 = left.fma(v, a4);
      c4 = right.fma(v, c4);
      v = FloatVector.broadcast(F, x[x5 + i]);
      a5 = left.fma(v, a5);
      c5 = right.fma(v, c5);
      v = FloatVector.broadcast(F, x[x6 + i]);
      a6 = left.fma(v, a6);
      c6 = right.fma(v, c6);
      v = FloatVector.broadcast(F, x[x7 + i]);
      a7 = left.fma(v, a7);
      c7 = right.fma(v, c7);
    }
    a0.intoArray(y, y0);
    c0.intoArray(y, y0 + n);
    a1.intoArray(y, y1);
    c1.intoArray(y, y1 + n);
    a2.intoArray(y, y2);
    c2.intoArray(y, y2 + n);
    a3.intoArray(y, y3);
    c3.intoArray(y, y3 + n);
    a4.intoArray(y, y4);
    c4.intoArray(y, y4 + n);
    a5.intoArray(y, y5);
    c5.intoArray(y, y5 + n);
    a6.intoArray(y, y6);
    c6.intoArray(y, y6 + n);
    a7.intoArray(y, y7);
    c7.intoArray(y, y7 + n);
  }

  private static void four(Rows xs, int t, Rows bs, int j, int k, Rows ys) {
    float[] x = xs.data();
    float[] b = bs.data();
    float[] y = ys.data();
    int n = Lanes.N;
    int y0 = ys.row(t) + j;
    int y1 = y0 + ys.stride();
    int y2 = y1 + ys.stride();
    int y3 = y2 + ys.stride();
    FloatVector a0 = FloatVector.fromArray(F, y, y0);
    FloatVector a1 = FloatVector.fromArray(F, y, y1);
    FloatVector a2 = FloatVector.fromArray(F, y, y2);
    FloatVector a3 = FloatVector.fromArray(F, y, y3);
    FloatVector c0 = FloatVector.fromArray(F, y, y0 + n);
    FloatVector c1 = FloatVector.fromArray(F, y, y1 + n);
    FloatVector c2 = FloatVector.fromArray(F, y, y2 + n);
    FloatVector c3 = FloatVector.fromArray(F, y, y3 + n);
    int x0 = xs.row(t);
    int x1 = x0 + xs.stride();
    int x2 = x1 + xs.stride();
    int x3 = x2 + xs.stride();
    int at = bs.at() + j;
    for (int i = 0; i < k; i++, at += bs.stride()) {
      FloatVector left = FloatVector.fromArray(F, b, at);
      FloatVector right = FloatVector.fromArray(F, b, at + n);
      FloatVector v = FloatVector.broadcast(F, x[x0 + i]);
      a0 = left.fma(v, a0);
      c0 = right.fma(v, c0);
      v = FloatVector.broadcast(F, x[x1 + i]);
      a1 = left.fma(v, a1);
      c1 = right.fma(v, c1);
      v = FloatVector.broadcast(F, x[x2 + i]);
      a2 = left.fma(v, a2);
      c2 = right.fma(v, c2);
      v = FloatVector.broadcast(F, x[x3 + i]);
      a3 = left.fma(v, a3);
      c3 = right.fma(v, c3);
    }
    a0.intoArray(y, y0);
    c0.intoArray(y, y0 + n);
    a1.intoArray(y, y1);
    c1.intoArray(y, y1 + n);
    a2.intoArray(y, y2);
    c2.intoArray(y, y2 + n);
    a3.intoArray(y, y3);
    c3.intoArray(y, y3 + n);
  }

  private static void two(Rows xs, int t, Rows bs, int j, int k, Rows ys) {
    float[] x = xs.data();
    float[] b = bs.data();
    float[] y = ys.data();
    int n = Lanes.N;
    int y0 = ys.row(t) + j;
    int y1 = y0 + ys.stride();
    FloatVector a0 = FloatVector.fromArray(F, y, y0);
    FloatVector a1 = FloatVector.fromArray(F, y, y1);
    FloatVector c0 = FloatVector.fromArray(F, y, y0 + n);
    FloatVector c1 = FloatVector.fromArray(F, y, y1 + n);
    int x0 = xs.row(t);
    int x1 = x0 + xs.stride();
    int at = bs.at() + j;
    for (int i = 0; i < k; i++, at += bs.stride()) {
      FloatVector left = FloatVector.fromArray(F, b, at);
      FloatVector right = FloatVector.fromArray(F, b, at + n);
      FloatVector v = FloatVector.broadcast(F, x[x0 + i]);
      a0 = left.fma(v, a0);
      c0 = right.fma(v, c0);
      v = FloatVector.broadcast(F, x[x1 + i]);
      a1 = left.fma(v, a1);
      c1 = right.fma(v, c1);
    }
    a0.intoArray(y, y0);
    c0.intoArray(y, y0 + n);
    a1.intoArray(y, y1);
    c1.intoArray(y, y1 + n);
  }

  private static void one(Rows xs, int t, Rows bs, int j, int k, Rows ys) {
    float[] x = xs.data();
    float[] b = bs.data();
    float[] y = ys.data();
    int n = Lanes.N;
    int y0 = ys.row(t) + j;
    FloatVector a0 = FloatVector.fromArray(F, y, y0);
    FloatVector c0 = FloatVector.fromArray(F, y, y0 + n);
    int x0 = xs.row(t);
    int at = bs.at() + j;
    for (int i = 0; i < k; i++, at += bs.stride()) {
      FloatVector v = FloatVector.broadcast(F, x[x0 + i]);
      a0 = FloatVector.fromArray(F, b, at).fma(v, a0);
      c0 = FloatVector.fromArray(F, b, at + n).fma(v, c0);
    }
    a0.intoArray(y, y0);
    c0.intoArray(y, y0 + n);
  }

  /** One row, four vectors. */
  private static void single(Rows xs, Rows bs, int j, int k, Rows ys) {
    float[] x = xs.data();
    float[] b = bs.data();
    float[] y = ys.data();
    int n = Lanes.N;
    int y0 = ys.at() + j;
    FloatVector a0 = FloatVector.fromArray(F, y, y0);
    FloatVector a1 = FloatVector.fromArray(F, y, y0 + n);
    FloatVector a2 = FloatVector.fromArray(F, y, y0 + 2 * n);
    FloatVector a3 = FloatVector.fromArray(F, y, y0 + 3 * n);
    int at = bs.at() + j;
    for (int i = xs.at(); i < xs.at() + k; i++, at += bs.stride()) {
      FloatVector v = FloatVector.broadcast(F, x[i]);
      a0 = FloatVector.fromArray(F, b, at).fma(v, a0);
      a1 = FloatVector.fromArray(F, b, at + n).fma(v, a1);
      a2 = FloatVector.fromArray(F, b, at + 2 * n).fma(v, a2);
      a3 = FloatVector.fromArray(F, b, at + 3 * n).fma(v, a3);
    }
    a0.intoArray(y, y0);
    a1.intoArray(y, y0 + n);
    a2.intoArray(y, y0 + 2 * n);
    a3.intoArray(y, y0 + 3 * n);
  }

  private static void narrow(Rows xs, int t, Rows bs, int j, int k, Rows ys) {
    float[] x = xs.data();
    float[] b = bs.data();
    int x0 = xs.row(t);
    int y0 = ys.row(t) + j;
    FloatVector sum = FloatVector.fromArray(F, ys.data(), y0);
    int at = bs.at() + j;
    for (int i = 0; i < k; i++, at += bs.stride()) {
      sum = FloatVector.fromArray(F, b, at).fma(FloatVector.broadcast(F, x[x0 + i]), sum);
    }
    sum.intoArray(ys.data(), y0);
  }

  private static void scalar(Rows xs, int t, Rows bs, int j, int k, Rows ys) {
    float sum = ys.data()[ys.row(t) + j];
    for (int i = 0; i < k; i++) {
      sum = Math.fma(bs.data()[bs.row(i) + j], xs.data()[xs.row(t) + i], sum);
    }
    ys.data()[ys.row(t) + j] = sum;
  }
}
