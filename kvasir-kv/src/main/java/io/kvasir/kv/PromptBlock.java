package io.kvasir.kv;

import io.kvasir.kernel.FloatTile;
import io.kvasir.kernel.PageSoftmax;
import io.kvasir.kv.codec.PageFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * A block of so many queries that a page is turned into f32 once for all of them, where its format
 * allows that, and met by {@link FloatTile}. Every bit is that of {@link AttentionBlock#attend}.
 */
record PromptBlock(AttentionBlock block) {
  /** From this many queries on a page of f32 pays. */
  static final int QUERIES = 2 * FloatTile.ROWS;

  /** Queries that fit the core's first cache beside a page of keys, or of values. */
  private static final int QUERIES_AT_ONCE = 48;

  private static final int ROWS = PageFormat.ROWS;

  /** Rows of a block: as many as make a whole number of tiles, so that none is padded. */
  static int rowsAtOnce(int groupSize) {
    int unit = 1;
    while (unit * groupSize % FloatTile.ROWS != 0) {
      unit++;
    }
    return Math.max(unit, QUERIES_AT_ONCE / groupSize / unit * unit);
  }

  /** Attention over one group of pages, added to a fresh {@code partial}. */
  void attend(int group, AttentionScratch scratch, AttentionPartial partial) {
    int count = block.queries();
    scratch.most = AttentionScratch.atLeast(scratch.most, count);
    scratch.sums = AttentionScratch.atLeast(scratch.sums, PageSoftmax.scratch(count));
    for (int page = block.firstPage(group); page < block.endPage(group); page++) {
      if (block.takes(page, scratch)) {
        int slots = block.slots(page);
        scores(page, slots, scratch);
        weigh(page, slots, scratch, partial);
        accumulate(page, slots, scratch, partial);
      }
    }
  }

  /** Scores of the slots of a page, to the weights of {@code scratch}. */
  void scores(int page, int slots, AttentionScratch scratch) {
    Optional<MemorySegment> floats =
        block.keys().coded() < page * ROWS + slots
            ? Optional.empty()
            : block.keys().floats(page, slots, scratch.page, scratch.turns);
    if (floats.isEmpty()) {
      block.scores(page, slots, scratch, scratch.weights);
      return;
    }
    int count = FloatTile.padded(block.queries());
    int dim = block.keys().format().queryWidth();
    Arrays.fill(scratch.weights, 0, count * ROWS, 0);
    FloatTile.multiplyAdd(scratch.prepared, dim, count, dim, floats.get(), scratch.weights, ROWS);
  }

  /**
   * Turns scores into weights under the running maxima; {@code most} and {@code sums} have room.
   */
  void weigh(int page, int slots, AttentionScratch scratch, AttentionPartial partial) {
    int count = block.queries();
    boolean whole = // the first row sees least of what comes late, the last one of what came early
        scratch.to[0] >= (page + 1) * ROWS
            && scratch.from[count - 1] <= page * ROWS
            && !block.pairs().hasBiases();
    if (!whole) {
      for (int i = 0; i < count; i++) {
        block.weigh(page, slots, i, scratch, partial);
      }
      return;
    }
    PageSoftmax.max(scratch.weights, count, scratch.most);
    for (int i = 0; i < count; i++) {
      partial.raise(i, scratch.most[i]);
    }
    PageSoftmax.exp(scratch.weights, count, partial.max, partial.sum, scratch.sums);
  }

  private void accumulate(int page, int slots, AttentionScratch scratch, AttentionPartial partial) {
    Optional<MemorySegment> floats =
        block.values().coded() < page * ROWS + slots
            ? Optional.empty()
            : block.values().floats(page, slots, scratch.page, scratch.turns);
    if (floats.isEmpty()) {
      block.accumulate(page, slots, scratch, scratch.weights, partial);
      return;
    }
    int count = FloatTile.padded(block.queries());
    FloatTile.multiplyAdd(
        scratch.weights,
        ROWS,
        count,
        slots,
        floats.get(),
        partial.acc,
        block.values().format().outputWidth());
  }
}
