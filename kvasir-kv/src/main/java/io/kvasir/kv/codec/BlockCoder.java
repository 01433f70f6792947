package io.kvasir.kv.codec;

import io.kvasir.kernel.PageLayout;
import io.kvasir.kv.KvPlanException;

/**
 * Codes a run of numbers that share one scale: what codecs differ in. {@link RowKeys} and {@link
 * RowValues} put such blocks, cut from rows, into pages.
 */
interface BlockCoder {
  /** The codec's name, for errors. */
  String name();

  /** The largest magnitude that can be coded. */
  float limit();

  /**
   * Codes {@code x[at .. at+n)}, all of them within {@link #limit}.
   *
   * @param codes receives n codes
   * @return the block's side data, the first 16 bits lowest; 0 where the layout has none
   */
  int code(float[] x, int at, int n, int[] codes);

  /** The layout, after refusing a head dimension that is not a multiple of {@code unit}. */
  static PageLayout layout(
      String name, int dim, int unit, PageLayout.Code code, PageLayout.Side side, int block) {
    checkDim(name, dim, unit);
    return new PageLayout(code, side, dim, block);
  }

  /** Refuses a head dimension that is not a multiple of {@code unit}. */
  static void checkDim(String name, int dim, int unit) {
    if (dim < unit || dim % unit != 0) {
      throw new KvPlanException(name + ": head dimension " + dim + " is not a multiple of " + unit);
    }
  }
}
