package io.kvasir.kv.codec;

import io.kvasir.kernel.Half;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Room behind the first page of a sequence in which the rows that are coded to its first slots stay
 * as they were: tokens that attention leans on whatever they say. It is part of the page, for forks
 * of a sequence share pages until they write. Layout, for s rows of w numbers:
 *
 * <pre>
 *   s       [slot]: 1 where the row is here, 0 where another was moved to the slot
 *   2 w s   [slot]: the row, f16, little-endian
 * </pre>
 *
 * @param rows s
 * @param width w
 * @param at where the room begins: the bytes of every other page
 */
record FirstRows(int rows, int width, long at) {
  /** Bytes of the first page. */
  long pageBytes() {
    return at + (1 + 2L * width) * rows;
  }

  /** Keeps a row that was coded to a slot, if there is room for it. */
  void keep(MemorySegment page, int slot, float[] row) {
    if (room(page, slot)) {
      page.set(ValueLayout.JAVA_BYTE, at + slot, (byte) 1);
      Half.narrow(row, 0, page, rowAt(slot), width);
    }
  }

  /** Whether the row of a slot is here. */
  boolean holds(MemorySegment page, int slot) {
    return room(page, slot) && page.get(ValueLayout.JAVA_BYTE, at + slot) == 1;
  }

  /** Reads {@code n} numbers of a row that is here, from number {@code first} on. */
  void read(MemorySegment page, int slot, int first, int n, float[] out, int outAt) {
    Half.widen(page, rowAt(slot) + 2L * first, out, outAt, n);
  }

  /** Follows a row that moves to another slot; it moves forward, so there is room if it is here. */
  void move(MemorySegment from, int slot, MemorySegment to, int target) {
    if (room(to, target)) {
      boolean here = holds(from, slot);
      to.set(ValueLayout.JAVA_BYTE, at + target, (byte) (here ? 1 : 0));
      if (here) {
        MemorySegment.copy(from, rowAt(slot), to, rowAt(target), 2L * width);
      }
    }
  }

  private boolean room(MemorySegment page, int slot) {
    return slot < rows && page.byteSize() > at;
  }

  private long rowAt(int slot) {
    return at + rows + 2L * width * slot;
  }
}
