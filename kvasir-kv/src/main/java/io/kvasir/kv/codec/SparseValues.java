package io.kvasir.kv.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Values as a few atoms of a dictionary for each of their chunks. */
record SparseValues(SparseRows rows) implements ValueFormat {
  @Override
  public int dim() {
    return rows.dim();
  }

  @Override
  public long pageBytes() {
    return rows.pageBytes();
  }

  @Override
  public boolean onFloats() {
    return true;
  }

  @Override
  public boolean laborious() {
    return true;
  }

  @Override
  public int sealable(int rawRows) {
    return rows.own().sealable(rawRows);
  }

  @Override
  public boolean sealsPromptAtOnce() {
    return rows.own().wanted();
  }

  @Override
  public void fit(RowSource prompt) {
    rows.own().find(prompt);
  }

  @Override
  public SparseValues fork() {
    return new SparseValues(rows.fork());
  }

  @Override
  public long sideBytes(int coded) {
    return rows.own().bytes(coded);
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
    MemorySegment.copy(rows.decode(page), 0, room, ValueLayout.JAVA_FLOAT, 0, ROWS * dim());
    return Optional.of(room);
  }

  @Override
  public void move(MemorySegment from, int slot, MemorySegment to, int target) {
    rows.move(from, slot, to, target);
  }
}
