package io.kvasir.kv.codec;

import io.kvasir.kernel.FloatTile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Sums of formats that are read {@link PageFormat#onFloats}, for a caller without a room of its
 * own. Attention has one, and does not come here.
 */
final class FloatSums {
  private static final int ROWS = PageFormat.ROWS;

  private FloatSums() {}

  static void scores(
      KeyFormat format, float[] queries, int count, MemorySegment page, float[] out) {
    int dim = format.dim();
    int padded = FloatTile.padded(count);
    float[] scores = new float[padded * ROWS];
    FloatTile.multiplyAdd(
        Arrays.copyOf(queries, padded * dim), dim, padded, dim, floats(format, page), scores, ROWS);
    System.arraycopy(scores, 0, out, 0, count * ROWS);
  }

  static void accumulate(
      ValueFormat format, float[] weights, int count, MemorySegment page, int rows, float[] acc) {
    int dim = format.outputWidth();
    int padded = FloatTile.padded(count);
    float[] sums = Arrays.copyOf(acc, padded * dim);
    FloatTile.multiplyAdd(
        Arrays.copyOf(weights, padded * ROWS), ROWS, padded, rows, floats(format, page), sums, dim);
    System.arraycopy(sums, 0, acc, 0, count * dim);
  }

  private static MemorySegment floats(PageFormat format, MemorySegment page) {
    MemorySegment room = Arena.ofAuto().allocate(4L * format.roomFloats(), 64);
    return format
        .floats(page, room)
        .orElseThrow(() -> new IllegalStateException(format + " has neither sums nor floats"));
  }
}
