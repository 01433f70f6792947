package io.kvasir.kv.codec;

import io.kvasir.kernel.GroupSums;
import io.kvasir.kernel.PageGroups;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Keys of {@link Kivi}: each channel is coded over a group of tokens, so rows come and go by
 * groups. A full window of raw keys is coded at once; the newest keys are then coded too.
 */
record KiviKeys(Kivi kivi, PageGroups groups) implements KeyFormat {
  @Override
  public int dim() {
    return groups.positions();
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
  public int group() {
    return kivi.group();
  }

  @Override
  public int sealable(int rawRows) {
    return rawRows - rawRows % kivi.window();
  }

  @Override
  public void encode(RawPage rows, MemorySegment page, int slot) {
    rows.checkPlace("kivi", dim(), slot);
    rows.checkMagnitude("kivi", kivi.limit());
    int group = kivi.group();
    if (slot % group != 0 || rows.rows() % group != 0) {
      throw new IllegalArgumentException(
          "kivi: "
              + rows.rows()
              + " rows at slot "
              + slot
              + " are not whole groups of "
              + group
              + " keys");
    }
    float[] channel = new float[group];
    int[] codes = new int[group];
    for (int first = 0; first < rows.rows(); first += group) {
      for (int d = 0; d < dim(); d++) {
        for (int i = 0; i < group; i++) {
          channel[i] = rows.at(first + i, d);
        }
        int side = kivi.code(channel, 0, group, codes);
        groups.write(page, slot + first, d, side, codes);
      }
    }
  }

  @Override
  public void decode(MemorySegment page, int slot, RawPage out) {
    out.checkPlace("kivi", dim(), slot);
    for (int r = 0; r < out.rows(); r++) {
      for (int d = 0; d < dim(); d++) {
        out.values()[r * dim() + d] = groups.read(page, slot + r, d);
      }
    }
  }

  @Override
  public void scores(float[] queries, int count, MemorySegment page, int rows, float[] out) {
    Arrays.fill(out, 0, count * ROWS, 0f);
    groups.add(queries, count, page, dim(), rows, out);
  }

  @Override
  public void roundedScores(
      float[] queries, int count, MemorySegment page, int rows, float[] out, GroupSums sums) {
    Arrays.fill(out, 0, count * ROWS, 0f);
    sums.add(groups, queries, count, page, dim(), rows, out);
  }
}
