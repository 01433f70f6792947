package io.kvasir.kv;

import io.kvasir.kernel.PageSoftmax;
import io.kvasir.kv.codec.PageFormat;
import java.util.Arrays;

/**
 * A block of decoded rows in fast precision: the softmax of a whole group of pages is taken at
 * once, so that the core reads keys, computes, and reads values in long runs, and rescales nothing
 * in between.
 */
record DecodedBlock(AttentionBlock block) {
  private static final int ROWS = PageFormat.ROWS;

  /** Attention over one group of pages, added to a fresh {@code partial}. */
  void attend(int group, AttentionScratch scratch, AttentionPartial partial) {
    int first = block.firstPage(group);
    int end = block.endPage(group);
    scratch.reserveGroup(block.queries());
    for (int page = first; page < end; page++) {
      if (block.takes(page, scratch)) {
        score(page, scratch, scratch.group[page - first], partial);
      }
    }
    weigh(first, end, scratch, partial);
    for (int page = first; page < end; page++) {
      if (block.takes(page, scratch)) {
        block.accumulate(page, block.slots(page), scratch, scratch.group[page - first], partial);
      }
    }
  }

  /** The scores of a page, those of unseen slots -inf, and the maximum over all pages so far. */
  private void score(int page, AttentionScratch scratch, float[] scores, AttentionPartial partial) {
    int slots = block.slots(page);
    int count = block.queries();
    block.scores(page, slots, scratch, scores);
    for (int i = 0; i < count; i++) {
      int from = Math.clamp((long) scratch.from[i] - page * ROWS, 0, slots);
      int to = Math.clamp((long) scratch.to[i] - page * ROWS, from, slots);
      Arrays.fill(scores, i * ROWS, i * ROWS + from, Float.NEGATIVE_INFINITY);
      Arrays.fill(scores, i * ROWS + to, (i + 1) * ROWS, Float.NEGATIVE_INFINITY);
      block.addBiases(page * ROWS + from, to - from, scores, i * ROWS + from);
    }
    PageSoftmax.max(scores, count, scratch.most);
    for (int i = 0; i < count; i++) {
      partial.max[i] = Math.max(partial.max[i], scratch.most[i]);
    }
  }

  /** Turns all scores of the group into weights under one maximum. */
  private void weigh(int first, int end, AttentionScratch scratch, AttentionPartial partial) {
    int count = block.queries();
    for (int i = 0; i < count; i++) { // a query that sees nothing here has only scores of -inf
      scratch.most[i] = partial.max[i] == Float.NEGATIVE_INFINITY ? 0 : partial.max[i];
    }
    for (int page = first; page < end; page++) {
      if (block.takes(page, scratch)) {
        PageSoftmax.exp(
            scratch.group[page - first], count, scratch.most, partial.sum, scratch.sums);
      }
    }
  }
}
