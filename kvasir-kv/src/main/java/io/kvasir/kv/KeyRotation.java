package io.kvasir.kv;

import io.kvasir.kernel.Rotary;
import io.kvasir.kernel.Turns;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.RawPage;
import java.lang.foreign.MemorySegment;

/**
 * Turns the keys of one head between the form that is stored, before rotation, and the form that
 * attention reads, rotated to the positions of their slots.
 */
record KeyRotation(Rotary rotary, HeadStore pairs) {
  private static final int ROWS = PageFormat.ROWS;

  /** Rotates the rows to the positions of slots {@code slot ..}. */
  void rotate(RawPage rows, int slot) {
    for (int r = 0; r < rows.rows(); r++) {
      rotary.rotate(rows.values(), r * rows.dim(), 1, 0, pairs.position(slot + r));
    }
  }

  /** Undoes the rotation of one row, up to rounding. */
  void rotateBack(float[] row, int at, int slot) {
    rotary.rotate(row, at, 1, 0, -pairs.position(slot));
  }

  /**
   * Rotates a page, f32[D][64], whose first slot is {@code slot}.
   *
   * @param room for {@link Rotary#turnsLength} floats, used where positions are not consecutive
   */
  void rotateColumns(MemorySegment page, int slot, int count, float[] room) {
    float[] turns =
        consecutive(slot, count) ? rotary.turns(pairs.position(slot)) : made(slot, count, room);
    rotary.rotateColumns(page, turns);
  }

  /**
   * How the keys of a page turn for decoded queries. Where positions are consecutive, queries go
   * back by the first of them and keys turn as those of the first page do: that table stays in the
   * core's cache, where one for each page is as large as the keys.
   *
   * @param queries f32[count][D], rotated
   * @param turned receives the queries as they meet this page
   * @param room as for {@link #rotateColumns}
   */
  Turns turns(
      int slot, int slots, float[] queries, int count, int dim, float[] turned, float[] room) {
    System.arraycopy(queries, 0, turned, 0, count * dim);
    if (!consecutive(slot, slots)) {
      return rotary.pairs(made(slot, slots, room));
    }
    rotary.rotate(turned, 0, count, dim, -pairs.position(slot));
    return rotary.pairs(rotary.turns(0));
  }

  private float[] made(int slot, int count, float[] room) {
    for (int r = 0; r < count; r++) {
      rotary.turn(pairs.position(slot + r), r, room);
    }
    return room;
  }

  /** Whether the slots of a page hold the positions that follow on a multiple of 64. */
  private boolean consecutive(int slot, int count) {
    int first = pairs.position(slot);
    return first % ROWS == 0 && pairs.position(slot + count - 1) == first + count - 1;
  }
}
