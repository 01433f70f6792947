package io.kvasir.kv.codec;

import io.kvasir.kernel.PageFloats;
import io.kvasir.kernel.PageLayout;
import io.kvasir.kernel.PageRows;
import io.kvasir.kernel.Pages;
import io.kvasir.kernel.PlainRows;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Keys coded each row for itself, as soon as they arrive. */
record RowKeys(BlockCoder coder, PageLayout layout) implements KeyFormat {
  @Override
  public int dim() {
    return layout.dim();
  }

  @Override
  public long pageBytes() {
    return layout.bytes();
  }

  @Override
  public long scaleBytes() {
    return layout.codesAt();
  }

  @Override
  public void encode(RawPage rows, MemorySegment page, int slot) {
    rows.checkPlace(coder.name(), dim(), slot);
    rows.checkMagnitude(coder.name(), coder.limit());
    if (PlainRows.has(layout)) {
      PlainRows.writeKeys(layout, rows.values(), rows.rows(), page, slot);
      return;
    }
    int n = layout.block();
    int[] codes = new int[n];
    for (int r = 0; r < rows.rows(); r++) {
      for (int block = 0; block < layout.blocks(); block++) {
        int side = coder.code(rows.values(), r * dim() + block * n, n, codes);
        PageRows.writeKey(layout, page, slot + r, block, side, codes);
      }
    }
  }

  @Override
  public void decode(MemorySegment page, int slot, RawPage out) {
    out.checkPlace(coder.name(), dim(), slot);
    if (PlainRows.has(layout)) {
      PlainRows.readKeys(layout, page, slot, out.values(), out.rows());
      return;
    }
    for (int r = 0; r < out.rows(); r++) {
      PageRows.readKey(layout, page, slot + r, out.values(), r * dim());
    }
  }

  @Override
  public void move(MemorySegment from, int slot, MemorySegment to, int target) {
    PageRows.moveKey(layout, from, slot, to, target);
  }

  @Override
  public void scores(float[] queries, int count, MemorySegment page, int rows, float[] out) {
    Pages.scores(layout, queries, count, page, rows, out);
  }

  @Override
  public boolean hasFloats() {
    return PageFloats.has(layout);
  }

  @Override
  public Optional<MemorySegment> floats(MemorySegment page, MemorySegment room) {
    return hasFloats() ? Optional.of(PageFloats.keys(layout, page, room)) : Optional.empty();
  }
}
