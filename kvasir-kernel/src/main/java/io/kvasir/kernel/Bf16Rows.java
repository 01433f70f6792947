package io.kvasir.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Rows of activations rounded to bf16, without gaps, in native memory that is freed with the last
 * reference. What a row holds is undefined until it is set. Rows may be set from several threads.
 */
public final class Bf16Rows {
  private final MemorySegment data; // bf16 [rows rounded up to whole blocks][cols]
  private final int rows;
  private final int cols;

  /** Room for {@code rows} rows of {@code cols} elements. */
  public Bf16Rows(int rows, int cols) {
    long whole = Math.ceilDiv((long) rows, Bf16Products.BLOCK) * Bf16Products.BLOCK;
    this.data = Arena.ofAuto().allocate(Math.multiplyExact(2L * whole, cols), 64);
    this.rows = rows;
    this.cols = cols;
  }

  /** How many rows fit. */
  public int rows() {
    return rows;
  }

  /** Elements of a row. */
  public int cols() {
    return cols;
  }

  /** Rounds n elements of x into row {@code row}, from column {@code col} on. */
  public void set(int row, int col, float[] x, int at, int n) {
    Bf16.round(x, at, data, 2 * ((long) row * cols + col), n);
  }

  /** Address of a row; valid as long as this object is reachable. */
  long address(int row) {
    return data.address() + 2L * row * cols;
  }
}
