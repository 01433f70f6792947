package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/** Scalar twins that define {@link Pages}, one query at a time. */
public final class PagesRef {
  private PagesRef() {}

  /** Twin of {@link Pages#scores}. */
  public static void scores(
      PageLayout layout, float[] q, MemorySegment page, int rows, float[] out) {
    for (int r = 0; r < rows; r++) {
      float score = 0;
      for (int block = 0; block < layout.blocks(); block++) {
        long entry = PageRows.keySide(layout, r, block);
        boolean plain = layout.side() == PageLayout.Side.NONE;
        int zero = plain ? 0 : layout.side().zero(layout.side().entry(page, entry));
        float sum = 0;
        for (int d = block * layout.block(); d < (block + 1) * layout.block(); d++) {
          sum = Math.fma(PageRows.keyCode(layout, page, r, d) - zero, q[d], sum);
        }
        score =
            plain
                ? sum
                : Math.fma(layout.side().scale(layout.side().entry(page, entry)), sum, score);
      }
      out[r] = score;
    }
  }

  /** Twin of {@link Pages#accumulate}. */
  public static void accumulate(
      PageLayout layout, float[] w, MemorySegment page, int rows, float[] acc) {
    float[] value = new float[layout.dim()];
    for (int r = 0; r < rows; r++) {
      PageRows.readValue(layout, page, r, value, 0);
      for (int d = 0; d < value.length; d++) {
        acc[d] = Math.fma(value[d], w[r], acc[d]);
      }
    }
  }
}
