package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Rounds rows of f32 to bf16 and lays them as {@link Bf16Matmul.Right#PAIRS} wants them: two rows
 * interleaved, 64 columns side by side. Rounding is that of {@link Bf16}.
 */
public final class PageBf16 {
  /** Columns that lie side by side. */
  public static final int COLUMNS = 64;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private PageBf16() {}

  /** Bytes of a matrix of bf16 in this order: rows in full 32s, columns in full 64s. */
  public static long bytes(int rows, int columns) {
    return 2L * depth(rows) * ((columns + COLUMNS - 1) / COLUMNS * COLUMNS);
  }

  /** Rows that a matrix of so many rows takes. */
  public static int depth(int rows) {
    return (rows + 31) / 32 * 32;
  }

  /**
   * {@code b[row + p][j] = bf16(x[p][j])}.
   *
   * @param x f32 [rows][columns]
   * @param columns a multiple of 16
   * @param b a matrix of {@code depth} rows in this order
   * @param depth a multiple of 32
   * @param row even; the row after an odd number of rows stays as it is
   */
  public static void round(
      MemorySegment x, int rows, int columns, MemorySegment b, int depth, int row) {
    long from = Native.address(x, 0, 4L * rows * columns);
    long to = Native.address(b, 0, bytes(depth, columns));
    for (int p = 0; p < rows; p += 2) {
      for (int j = 0; j < columns; j += COLUMNS) {
        long at = to + 2L * depth * j + 2L * COLUMNS * (row + p);
        int n = Math.min(COLUMNS, columns - j);
        long low = from + 4L * (p * columns + j);
        if (p + 1 < rows) {
          pair(low, low + 4L * columns, at, n);
        } else {
          last(low, at, n);
        }
      }
    }
  }

  private static void pair(long low, long high, long at, int n) {
    for (int j = 0; j < n; j += Lanes.N) {
      IntVector lower = IntVector.fromMemorySegment(Lanes.I, Native.ALL, low + 4L * j, Lanes.LE);
      IntVector upper = IntVector.fromMemorySegment(Lanes.I, Native.ALL, high + 4L * j, Lanes.LE);
      lower
          .add(Bf16.HALF)
          .lanewise(VectorOperators.LSHR, 16)
          .or(upper.add(Bf16.HALF).and(Bf16.UPPER))
          .intoMemorySegment(Native.ALL, at + 4L * j, Lanes.LE);
    }
  }

  private static void last(long low, long at, int n) {
    for (int j = 0; j < n; j++) {
      int lower = Native.word(low + 4L * j) + Bf16.HALF >>> 16;
      Native.ALL.set(INT, at + 4L * j, Native.word(at + 4L * j) & Bf16.UPPER | lower);
    }
  }
}
