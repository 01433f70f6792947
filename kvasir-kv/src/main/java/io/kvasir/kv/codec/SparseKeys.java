package io.kvasir.kv.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Keys before rotation as a few atoms of a dictionary. */
record SparseKeys(SparseRows rows) implements KeyFormat {
  @Override
  public int dim() {
    return rows.dim();
  }

  @Override
  public long pageBytes() {
    return rows.pageBytes();
  }

  @Override
  public boolean unrotated() {
    return true;
  }

  @Override
  public boolean onFloats() {
    return true;
  }

  @Override
  public void encode(RawPage in, MemorySegment page, int slot) {
    rows.encode(in, page, slot);
  }

  @Override
  public void decode(MemorySegment page, int slot, RawPage out) {
    rows.decode(page, slot, out);
  }

  @Override
  public Optional<MemorySegment> floats(MemorySegment page, MemorySegment room) {
    float[] decoded = rows.decode(page);
    for (int d = 0; d < dim(); d++) {
      for (int r = 0; r < ROWS; r++) {
        room.setAtIndex(ValueLayout.JAVA_FLOAT, (long) d * ROWS + r, decoded[r * dim() + d]);
      }
    }
    return Optional.of(room);
  }

  @Override
  public void move(MemorySegment from, int slot, MemorySegment to, int target) {
    rows.move(from, slot, to, target);
  }
}
