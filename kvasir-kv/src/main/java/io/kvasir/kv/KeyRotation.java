package io.kvasir.kv;

import io.kvasir.kernel.Rotary;
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
    int first = pairs.position(slot);
    if (first % ROWS == 0 && pairs.position(slot + count - 1) == first + count - 1) {
      rotary.rotateColumns(page, rotary.turns(first));
      return;
    }
    for (int r = 0; r < count; r++) {
      rotary.turn(pairs.position(slot + r), r, room);
    }
    rotary.rotateColumns(page, room);
  }
}
