package io.kvasir.kernel;

/**
 * Rows of floats inside an array: row t starts at {@code at + t * stride}. A view: it owns nothing.
 *
 * @param data the array that holds the rows
 * @param at index of the first element of row 0
 * @param stride distance between the starts of two rows
 */
@SuppressWarnings("ArrayRecordComponent") // a view is what it is for
public record Rows(float[] data, int at, int stride) {
  public Rows {
    if (at < 0 || stride < 0) {
      throw new IllegalArgumentException(
          "rows: at=" + at + " and stride=" + stride + " must not be negative");
    }
  }

  /** Rows without gaps, from the start of the array. */
  public static Rows of(float[] data, int width) {
    return new Rows(data, 0, width);
  }

  /** Index of the first element of row t. */
  public int row(int t) {
    return at + t * stride;
  }

  /** Refuses rows that reach beyond the array. */
  void check(String name, int rows, int width) {
    if (rows > 0 && at + (rows - 1L) * stride + width > data.length) {
      throw new IllegalArgumentException(
          "%s: %d rows of %d floats at %d, stride %d, do not fit in an array of %d"
              .formatted(name, rows, width, at, stride, data.length));
    }
  }
}
