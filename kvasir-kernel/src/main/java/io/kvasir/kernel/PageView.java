package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Keys or values of one head in a page of a cache.
 *
 * @param form how elements are written
 * @param memory the page's memory
 * @param at byte of its first line
 * @param rows pairs that are filled, 1 to 64
 * @param dim head dim D, a multiple of 16
 */
public record PageView(PageForm form, MemorySegment memory, long at, int rows, int dim) {
  public PageView {
    if (rows < 1 || rows > PageKernels.ROWS) {
      throw new IllegalArgumentException("page: rows=" + rows + " must be 1 to 64");
    }
    if (dim < 16 || dim % 16 != 0) {
      throw new IllegalArgumentException("page: dim=" + dim + " must be a multiple of 16");
    }
  }
}
