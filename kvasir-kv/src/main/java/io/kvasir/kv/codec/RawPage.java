package io.kvasir.kv.codec;

import io.kvasir.kernel.Floats;

/**
 * Up to {@link PageFormat#ROWS} rows of one head as f32, row-major, in an array that the caller
 * owns.
 *
 * @param values row r, channel d is {@code values[r * dim + d]}
 * @param rows 1 to {@link PageFormat#ROWS}
 * @param dim D
 */
public record RawPage(float[] values, int rows, int dim) {
  public RawPage {
    if (rows < 1 || rows > PageFormat.ROWS || values.length < rows * dim) {
      throw new IllegalArgumentException(
          rows + " rows of " + dim + " do not fit " + values.length + " floats of a page");
    }
  }

  /** A page of zeros. */
  public static RawPage of(int rows, int dim) {
    return new RawPage(new float[rows * dim], rows, dim);
  }

  public float at(int row, int channel) {
    return values[row * dim + channel];
  }

  /** Largest magnitude of a row. */
  public float absMax(int row) {
    float max = 0;
    for (int i = row * dim; i < (row + 1) * dim; i++) {
      max = Math.max(max, Math.abs(values[i]));
    }
    return max;
  }

  /**
   * Refuses NaN and magnitudes above {@code limit}, before anything is written: {@code where} names
   * the codec.
   */
  void checkMagnitude(String where, float limit) {
    if (Floats.absMax(values, 0, rows * dim) <= limit) {
      return; // false for NaN
    }
    for (int i = 0; i < rows * dim; i++) {
      if (!(Math.abs(values[i]) <= limit)) {
        throw new IllegalArgumentException(
            where
                + ": row "
                + i / dim
                + " channel "
                + i % dim
                + " is "
                + values[i]
                + "; expected a finite number of magnitude at most "
                + limit);
      }
    }
  }

  /** Refuses rows that do not belong at slots {@code slot ..} of a page of head dimension D. */
  void checkPlace(String where, int pageDim, int slot) {
    if (dim != pageDim || slot < 0 || slot + rows > PageFormat.ROWS) {
      throw new IllegalArgumentException(
          where
              + ": "
              + rows
              + " rows of "
              + dim
              + " at slot "
              + slot
              + " do not fit a page of "
              + PageFormat.ROWS
              + " rows of "
              + pageDim);
    }
  }

  /** Refuses rows of several heads as {@link #checkPlace} and {@link #checkMagnitude} do. */
  static void check(RawPage[] rows, String where, int pageDim, int slot, float limit) {
    for (RawPage each : rows) {
      each.checkPlace(where, pageDim, slot);
      each.checkMagnitude(where, limit);
    }
  }

  /** Row {@code row} of several heads, one after the other, into {@code line}. */
  static void join(RawPage[] rows, int row, float[] line) {
    int at = 0;
    for (RawPage each : rows) {
      System.arraycopy(each.values, row * each.dim, line, at, each.dim);
      at += each.dim;
    }
  }
}
