package io.kvasir.kv.codec;

import io.kvasir.kernel.GroupSums;
import io.kvasir.kernel.PageGroups;
import java.lang.foreign.MemorySegment;

/**
 * Values of {@link Kivi}: each row is coded for itself, by groups of channels; the newest stay raw.
 */
record KiviValues(Kivi kivi, PageGroups groups) implements ValueFormat {
  @Override
  public int dim() {
    return groups.lanes();
  }

  @Override
  public long pageBytes() {
    return groups.bytes();
  }

  @Override
  public long scaleBytes() {
    return groups.bytes() - (long) ROWS * dim() * kivi.bits() / 8;
  }

  @Override
  public int sealable(int rawRows) {
    return Math.max(0, rawRows - kivi.window());
  }

  @Override
  public void encode(RawPage rows, MemorySegment page, int slot) {
    rows.checkPlace("kivi", dim(), slot);
    rows.checkMagnitude("kivi", kivi.limit());
    int group = kivi.group();
    int[] codes = new int[group];
    for (int r = 0; r < rows.rows(); r++) {
      for (int d = 0; d < dim(); d += group) {
        int side = kivi.code(rows.values(), r * dim() + d, group, codes);
        groups.write(page, d, slot + r, side, codes);
      }
    }
  }

  @Override
  public void decode(MemorySegment page, int slot, RawPage out) {
    out.checkPlace("kivi", dim(), slot);
    for (int r = 0; r < out.rows(); r++) {
      for (int d = 0; d < dim(); d++) {
        out.values()[r * dim() + d] = groups.read(page, d, slot + r);
      }
    }
  }

  @Override
  public void move(MemorySegment from, int slot, MemorySegment to, int target) {
    groups.move(from, slot, to, target);
  }

  @Override
  public void accumulate(float[] weights, int count, MemorySegment page, int rows, float[] acc) {
    groups.add(weights, count, page, rows, dim(), acc);
  }

  @Override
  public void accumulateRounded(
      float[] weights, int count, MemorySegment page, int rows, float[] acc, GroupSums sums) {
    sums.add(groups, weights, count, page, rows, dim(), acc);
  }
}
