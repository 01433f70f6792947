package io.kvasir.kernel;

import java.util.Arrays;

/**
 * Attention on the pages of a cache. Keys lie channel by channel, {@code [D][64]}, values row by
 * row, {@code [64][D]}, so that lanes are rows and channels and nothing is summed across lanes.
 *
 * <p>A page is expanded to f32 in scratch memory that stays in the first cache, once for all query
 * heads that read it, and multiplied by {@link Gemm}. A head's bits do not depend on its company
 * and equal those of {@link PageKernelsRef}. For a tile of many queries, expand and multiply apart.
 */
public final class PageKernels {
  /** Rows of a whole page, and so the width of its key lines. */
  public static final int ROWS = 64;

  private PageKernels() {}

  /**
   * {@code out[h][r] = sum over d of q[h][d] * k[d][r]}: from 0, by f32 fma, d ascending.
   *
   * @param keys {@code dim} lines of width 64
   * @param q f32 [heads][dim]
   * @param out f32 [heads][rows], overwritten
   * @param scratch at least 64 * dim floats
   */
  public static void scores(PageView keys, Rows q, int heads, Rows out, float[] scratch) {
    out.check("out", heads, keys.rows());
    for (int h = 0; h < heads; h++) {
      Arrays.fill(out.data(), out.row(h), out.row(h) + keys.rows(), 0f);
    }
    keys.form().expand(keys.memory(), keys.at(), keys.dim(), ROWS, scratch, 0);
    Gemm.accumulate(q, heads, Rows.of(scratch, ROWS), keys.dim(), keys.rows(), out);
  }

  /**
   * {@code acc[h][d] += sum over r of p[h][r] * v[r][d]}: onto the old value, by f32 fma, r
   * ascending.
   *
   * @param values lines of width {@code dim}, one for each row
   * @param p f32 [heads][rows]
   * @param acc f32 [heads][dim], read and written
   * @param scratch at least 64 * dim floats
   */
  public static void accumulate(PageView values, Rows p, int heads, Rows acc, float[] scratch) {
    int dim = values.dim();
    values.form().expand(values.memory(), values.at(), values.rows(), dim, scratch, 0);
    Gemm.accumulate(p, heads, Rows.of(scratch, dim), values.rows(), dim, acc);
  }
}
