package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Scalar twins that define {@link PageKernels}, one head at a time. */
public final class PageKernelsRef {
  private PageKernelsRef() {}

  /** Element j of the line at byte {@code line}. */
  public static float element(PageForm form, MemorySegment page, long line, int j) {
    return switch (form) {
      case F32 -> page.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Lanes.LE), line + 4L * j);
      case F16 -> Half.get(page, line + 2L * j);
      case I8 -> page.get(ValueLayout.JAVA_BYTE, line + j);
      case U4, U2 -> {
        int bits = form.bits();
        int all = page.get(ValueLayout.JAVA_BYTE, line + PageForm.byteOf(j, bits));
        yield all >> PageForm.shiftOf(j, bits) & (1 << bits) - 1;
      }
    };
  }

  /** Twin of {@link PageKernels#scores}. */
  public static void scores(
      PageForm form, float[] q, MemorySegment keys, long at, int rows, int dim, float[] out) {
    for (int r = 0; r < rows; r++) {
      float sum = 0;
      for (int d = 0; d < dim; d++) {
        long line = at + (long) d * form.lineBytes(PageKernels.ROWS);
        sum = Math.fma(element(form, keys, line, r), q[d], sum);
      }
      out[r] = sum;
    }
  }

  /** Twin of {@link PageKernels#accumulate}. */
  public static void accumulate(
      PageForm form, float[] p, MemorySegment values, long at, int rows, int dim, float[] acc) {
    for (int d = 0; d < dim; d++) {
      for (int r = 0; r < rows; r++) {
        long line = at + (long) r * form.lineBytes(dim);
        acc[d] = Math.fma(element(form, values, line, d), p[r], acc[d]);
      }
    }
  }
}
