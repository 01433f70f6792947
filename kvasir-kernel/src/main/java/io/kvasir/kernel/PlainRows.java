package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Many rows at once into and out of pages of f32 and f16, whose numbers stand for themselves; the
 * bytes are those that {@link PageRows} writes one row at a time, and so are the floats.
 *
 * <p>In a page of keys a row is a column: rows are turned over in an array first, so that memory is
 * touched in whole runs.
 */
public final class PlainRows {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private PlainRows() {}

  /** Whether pages of this layout are such. */
  public static boolean has(PageLayout layout) {
    return layout.side() == PageLayout.Side.NONE && layout.code().bits() >= 16;
  }

  /** Writes keys to slots {@code slot ..}, x being [rows][D] from its start on. */
  public static void writeKeys(
      PageLayout layout, float[] x, int rows, MemorySegment page, int slot) {
    int dim = layout.dim();
    int[] words = new int[rows];
    int per = 32 / layout.code().bits();
    for (int d = 0; d < dim; d += per) {
      if (per == 1) {
        for (int r = 0; r < rows; r++) {
          words[r] = Float.floatToRawIntBits(x[r * dim + d]);
        }
      } else {
        for (int r = 0; r < rows; r++) {
          int low = Float.floatToFloat16(x[r * dim + d]) & 0xffff;
          words[r] = low | Float.floatToFloat16(x[r * dim + d + 1]) << 16;
        }
      }
      MemorySegment.copy(words, 0, page, INT, word(layout, d / per, slot), rows);
    }
  }

  /** Writes values to slots {@code slot ..}, x being [rows][D] from its start on. */
  public static void writeValues(
      PageLayout layout, float[] x, int rows, MemorySegment page, int slot) {
    int n = rows * layout.dim();
    long at = layout.codesAt() + (long) slot * layout.rowBytes();
    if (layout.code() == PageLayout.Code.F32) {
      MemorySegment.copy(x, 0, page, FLOAT, at, n);
    } else {
      Half.narrow(x, 0, page, at, n);
    }
  }

  /** Reads keys from slots {@code slot ..} into x, [rows][D] from its start on. */
  public static void readKeys(
      PageLayout layout, MemorySegment page, int slot, float[] x, int rows) {
    int dim = layout.dim();
    int[] words = new int[rows];
    int per = 32 / layout.code().bits();
    for (int d = 0; d < dim; d += per) {
      MemorySegment.copy(page, INT, word(layout, d / per, slot), words, 0, rows);
      if (per == 1) {
        for (int r = 0; r < rows; r++) {
          x[r * dim + d] = Float.intBitsToFloat(words[r]);
        }
      } else {
        for (int r = 0; r < rows; r++) {
          x[r * dim + d] = Float.float16ToFloat((short) words[r]);
          x[r * dim + d + 1] = Float.float16ToFloat((short) (words[r] >> 16));
        }
      }
    }
  }

  /** Reads values from slots {@code slot ..} into x, [rows][D] from its start on. */
  public static void readValues(
      PageLayout layout, MemorySegment page, int slot, float[] x, int rows) {
    int n = rows * layout.dim();
    long at = layout.codesAt() + (long) slot * layout.rowBytes();
    if (layout.code() == PageLayout.Code.F32) {
      MemorySegment.copy(page, FLOAT, at, x, 0, n);
    } else {
      Half.widen(page, at, x, 0, n);
    }
  }

  private static long word(PageLayout layout, int word, int slot) {
    return layout.codesAt() + 4L * (word * PageLayout.SLOTS + slot);
  }
}
