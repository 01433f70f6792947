package io.kvasir.kv.codec;

import io.kvasir.kernel.AtomSums;
import java.lang.foreign.MemorySegment;
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
  public SparseKeys fork() {
    return new SparseKeys(rows.fork());
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
    AtomSums.columns(rows.decode(page), dim(), room);
    return Optional.of(room);
  }

  @Override
  public void move(MemorySegment from, int slot, MemorySegment to, int target) {
    rows.move(from, slot, to, target);
  }
}
