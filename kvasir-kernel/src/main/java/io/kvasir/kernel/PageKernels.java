package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Attention on the pages of a cache. Keys lie channel by channel, {@code [D][64]}, values row by
 * row, {@code [64][D]}, so that lanes are rows and channels and nothing is summed across lanes.
 *
 * <p>Several query heads share one pass over the page. A head's bits do not depend on its company,
 * and equal those of {@link PageKernelsRef} and of {@link Gemm} on the expanded page.
 */
public final class PageKernels {
  /** Rows of a whole page, and so the width of its key lines. */
  public static final int ROWS = 64;

  private PageKernels() {}

  /**
   * {@code out[h][r] = sum over d of q[h][d] * k[d][r]}: from 0, by f32 fma, d ascending.
   *
   * @param q f32 [heads][dim]
   * @param keys the page: {@code dim} lines of width 64 from byte {@code at}
   * @param rows rows that are filled, 1 to 64
   * @param out f32 [heads][rows], overwritten
   */
  public static void scores(
      PageForm form, Rows q, int heads, MemorySegment keys, long at, int rows, int dim, Rows out) {
    checkRows(rows);
    out.check("out", heads, rows);
    for (int h = 0; h < heads; h++) {
      Arrays.fill(out.data(), out.row(h), out.row(h) + rows, 0f);
    }
    q.check("q", heads, dim);
    lines(new Lines(form, keys, at, dim, form.lineBytes(ROWS)), rows, q, heads, out);
  }

  /**
   * {@code acc[h][d] += sum over r of p[h][r] * v[r][d]}: onto the old value, by f32 fma, r
   * ascending.
   *
   * @param p f32 [heads][rows]
   * @param values the page: lines of width {@code dim} from byte {@code at}
   * @param rows rows that are filled, 1 to 64
   * @param acc f32 [heads][dim], read and written
   */
  public static void accumulate(
      PageForm form,
      Rows p,
      int heads,
      MemorySegment values,
      long at,
      int rows,
      int dim,
      Rows acc) {
    checkRows(rows);
    p.check("p", heads, rows);
    acc.check("acc", heads, dim);
    lines(new Lines(form, values, at, rows, form.lineBytes(dim)), dim, p, heads, acc);
  }

  /**
   * {@code out[outAt + l * width + j] = line l's element j}: for a tile of many queries, which then
   * runs on {@link Gemm} with the same bits.
   *
   * @param width a multiple of 16; 64 for keys, D for values
   */
  public static void expand(
      PageForm form, MemorySegment page, long at, int lines, int width, float[] out, int outAt) {
    int lineBytes = form.lineBytes(width);
    for (int l = 0; l < lines; l++) {
      for (int j = 0; j < width; j += Lanes.N) {
        form.load(page, at + (long) l * lineBytes, j).intoArray(out, outAt + l * width + j);
      }
    }
  }

  private static void checkRows(int rows) {
    if (rows < 1 || rows > ROWS) {
      throw new IllegalArgumentException("page: rows=" + rows + " must be 1 to " + ROWS);
    }
  }

  /** Lines of a page; a value, so that the kernels below have few parameters. */
  private record Lines(PageForm form, MemorySegment page, long at, int count, int bytes) {}

  /** {@code y[h][j] += sum over l of x[h][l] * line[l][j]} for j below n. */
  private static void lines(Lines lines, int n, Rows x, int heads, Rows y) {
    int j = 0;
    for (; j <= n - Gemm.WIDTH; j += Gemm.WIDTH) {
      for (int h = 0; h < heads; h += 4) {
        if (h + 1 < heads) {
          four(lines, j, x, h, heads - 1, y);
        } else {
          one(lines, j, x, h, y);
        }
      }
    }
    for (; j < n; j += Lanes.N) {
      VectorMask<Float> mask = Lanes.F.indexInRange(j, n);
      for (int h = 0; h < heads; h++) {
        masked(lines, j, x, h, y, mask);
      }
    }
  }

  /** Heads h to h + 3; those beyond the last repeat it, which writes the same sums twice. */
  private static void four(Lines lines, int j, Rows xs, int h, int last, Rows ys) {
    PageForm form = lines.form;
    MemorySegment page = lines.page;
    float[] x = xs.data();
    float[] y = ys.data();
    int n = Lanes.N;
    int h1 = Math.min(h + 1, last);
    int h2 = Math.min(h + 2, last);
    int h3 = Math.min(h + 3, last);
    int y0 = ys.row(h) + j;
    int y1 = ys.row(h1) + j;
    int y2 = ys.row(h2) + j;
    int y3 = ys.row(h3) + j;
    FloatVector a0 = load(y, y0);
    FloatVector a1 = load(y, y1);
    FloatVector a2 = load(y, y2);
    FloatVector a3 = load(y, y3);
    FloatVector c0 = load(y, y0 + n);
    FloatVector c1 = load(y, y1 + n);
    FloatVector c2 = load(y, y2 + n);
    FloatVector c3 = load(y, y3 + n);
    int x0 = xs.row(h);
    int x1 = xs.row(h1);
    int x2 = xs.row(h2);
    int x3 = xs.row(h3);
    long line = lines.at;
    for (int l = 0; l < lines.count; l++, line += lines.bytes) {
      FloatVector left = form.load(page, line, j);
      FloatVector right = form.load(page, line, j + n);
      FloatVector v = FloatVector.broadcast(Lanes.F, x[x0 + l]);
      a0 = left.fma(v, a0);
      c0 = right.fma(v, c0);
      v = FloatVector.broadcast(Lanes.F, x[x1 + l]);
      a1 = left.fma(v, a1);
      c1 = right.fma(v, c1);
      v = FloatVector.broadcast(Lanes.F, x[x2 + l]);
      a2 = left.fma(v, a2);
      c2 = right.fma(v, c2);
      v = FloatVector.broadcast(Lanes.F, x[x3 + l]);
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

  private static void one(Lines lines, int j, Rows xs, int h, Rows ys) {
    PageForm form = lines.form;
    float[] x = xs.data();
    float[] y = ys.data();
    int y0 = ys.row(h) + j;
    int x0 = xs.row(h);
    FloatVector a = load(y, y0);
    FloatVector c = load(y, y0 + Lanes.N);
    long line = lines.at;
    for (int l = 0; l < lines.count; l++, line += lines.bytes) {
      FloatVector v = FloatVector.broadcast(Lanes.F, x[x0 + l]);
      a = form.load(lines.page, line, j).fma(v, a);
      c = form.load(lines.page, line, j + Lanes.N).fma(v, c);
    }
    a.intoArray(y, y0);
    c.intoArray(y, y0 + Lanes.N);
  }

  private static void masked(Lines lines, int j, Rows xs, int h, Rows ys, VectorMask<Float> mask) {
    float[] x = xs.data();
    int y0 = ys.row(h) + j;
    int x0 = xs.row(h);
    FloatVector sum = FloatVector.fromArray(Lanes.F, ys.data(), y0, mask);
    long line = lines.at;
    for (int l = 0; l < lines.count; l++, line += lines.bytes) {
      FloatVector v = FloatVector.broadcast(Lanes.F, x[x0 + l]);
      sum = lines.form.load(lines.page, line, j).fma(v, sum);
    }
    sum.intoArray(ys.data(), y0, mask);
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(Lanes.F, from, at);
  }
}
