package io.kvasir.kv;

import io.kvasir.kernel.Bf16;
import io.kvasir.kernel.Bf16Softmax;
import io.kvasir.kernel.Exp;
import io.kvasir.kernel.ExpRef;
import io.kvasir.kernel.Floats;
import io.kvasir.kernel.PageBf16;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.RawPage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/**
 * A block of prompt rows in bf16: queries, keys, weights and values are rounded, sums and the
 * softmax between them stay f32.
 *
 * <p>A unit of four pages, {@link Bf16Scratch#SLOTS} slots, is scored, weighed and summed at once,
 * always whole: slots that a query does not see have weight 0. Units begin at fixed positions, so a
 * row's bits depend neither on the block nor on how much of a page was there when it was read.
 */
record Bf16Block(AttentionBlock block) {
  private static final int ROWS = PageFormat.ROWS;
  private static final int SLOTS = Bf16Scratch.SLOTS;
  private static final int PAGES = SLOTS / ROWS;

  /** Rows of a block. */
  static int rowsAtOnce(int groupSize) {
    return Math.max(1, Bf16Scratch.QUERIES / groupSize);
  }

  /** Scales and rounds the queries, and finds which slots each may see. */
  void prepare(float[] q, AttentionScratch scratch, Bf16Scratch fast) {
    LayerShape shape = block.store().shape();
    int dim = shape.keyDim();
    scratch.row = AttentionScratch.atLeast(scratch.row, dim);
    scratch.reservePage(block.keys().format(), block.values().format());
    block.ranges(scratch);
    for (int i = 0; i < block.queries(); i++) {
      System.arraycopy(q, block.queryAt(i) * dim, scratch.row, 0, dim);
      Floats.scale(shape.scale(), scratch.row, 0, dim);
      Bf16.round(scratch.row, 0, fast.queries, 2L * i * dim, dim);
    }
  }

  /** Attention over one group of pages, added to a fresh {@code partial}. */
  void attend(int group, AttentionScratch scratch, Bf16Scratch fast, AttentionPartial partial) {
    int count = block.queries();
    fast.sums.asSlice(0, 4L * count * fast.valueDim).fill((byte) 0);
    for (int first = firstUnit(group); first < block.endPage(group); first += PAGES) {
      if (load(first, true, scratch, fast)) {
        fast.score(count);
        for (int i = 0; i < count; i++) {
          weigh(first, i, scratch, fast, partial);
        }
        fast.sum(count);
      }
    }
    MemorySegment.copy(
        fast.sums, ValueLayout.JAVA_FLOAT, 0, partial.rawAcc, 0, count * fast.valueDim);
  }

  /** First page of a group's first unit; negative where a sliding window has dropped some. */
  private int firstUnit(int group) {
    int first = block.firstPage(group);
    return first - (first + block.pairs().droppedPages()) % PAGES;
  }

  /**
   * Adds what the queries give to the slots of a group of pages, after {@link #prepare}.
   *
   * @param logSumExp normalisers of the queries, [T][H]
   */
  void addMass(
      int group,
      AttentionNoise noise,
      AttentionScratch scratch,
      Bf16Scratch fast,
      float[] logSumExp) {
    float[] mass = block.pairs().mass().column(noise);
    float share = 1f / block.store().shape().groupSize();
    for (int first = firstUnit(group); first < block.endPage(group); first += PAGES) {
      if (load(first, false, scratch, fast)) {
        fast.score(block.queries());
        for (int i = 0; i < block.queries(); i++) {
          int n = see(first, i, noise, scratch, fast);
          int slot = Math.max(scratch.from[i], first * ROWS);
          Exp.softmax(scratch.seen, 0, n, logSumExp[block.queryAt(i)]);
          Floats.axpy(share, scratch.seen, 0, mass, slot, n);
        }
      }
    }
  }

  /** As {@link AttentionBlock#normalise}, after {@link #prepare}. */
  void normalise(
      AttentionNoise noise, AttentionScratch scratch, Bf16Scratch fast, float[] logSumExp) {
    float[] max = new float[block.queries()];
    float[] sum = new float[block.queries()];
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    for (int first = firstUnit(0); first < block.pages(); first += PAGES) {
      if (load(first, false, scratch, fast)) {
        fast.score(block.queries());
        for (int i = 0; i < block.queries(); i++) {
          int n = see(first, i, noise, scratch, fast);
          if (n > 0) {
            float most = Math.max(max[i], Floats.max(scratch.seen, 0, n));
            sum[i] *= ExpRef.exp(max[i] - most);
            sum[i] += Exp.softmax(scratch.seen, 0, n, most);
            max[i] = most;
          }
        }
      }
    }
    for (int i = 0; i < block.queries(); i++) {
      logSumExp[block.queryAt(i)] = max[i] + (float) StrictMath.log(sum[i]);
    }
  }

  /**
   * Takes the disturbed scores of query {@code i} for the slots of a unit that it sees.
   *
   * @return how many there are, 0 or more
   */
  private int see(
      int first, int i, AttentionNoise noise, AttentionScratch scratch, Bf16Scratch fast) {
    int from = Math.clamp((long) scratch.from[i] - first * ROWS, 0, SLOTS);
    int n = Math.clamp((long) scratch.to[i] - first * ROWS, from, SLOTS) - from;
    if (n > 0) {
      long row = 4L * (i * SLOTS + from);
      MemorySegment.copy(fast.scores, ValueLayout.JAVA_FLOAT, row, scratch.seen, 0, n);
      block.addBiases(first * ROWS + from, n, scratch.seen, 0);
      block.disturb(i, first * ROWS + from, n, noise, scratch.seen, 0, scratch.noise);
    }
    return n;
  }

  /**
   * Whether the pages of a layer can be widened at once. Codes are read as codes instead: to decode
   * them for the few rows of a question would take longer than to attend to them.
   */
  static boolean takes(LayerStore store) {
    HeadStore any = store.heads()[0];
    return any.keys().format().hasFloats() && any.values().format().hasFloats();
  }

  /**
   * Rounds the pages of a unit that somebody reads; false if there is none.
   *
   * @param both values too
   */
  private boolean load(int first, boolean both, AttentionScratch scratch, Bf16Scratch fast) {
    boolean any = false;
    for (int page = Math.max(0, first); page < Math.min(first + PAGES, block.pages()); page++) {
      if (block.takes(page, scratch)) {
        int slots = block.slots(page);
        int slot = (page - first) * ROWS;
        MemorySegment keys = fast.keys.asSlice(PageBf16.bytes(fast.keyDim, slot));
        int depth = PageBf16.depth(fast.keyDim);
        PageBf16.round(keys(page, slots, scratch, fast), fast.keyDim, ROWS, keys, depth, 0);
        if (both) {
          MemorySegment values = values(page, slots, scratch, fast);
          PageBf16.round(values, slots, fast.valueDim, fast.values, SLOTS, slot);
        }
        any = true;
      }
    }
    return any;
  }

  /** A page of keys as f32[D][64]. */
  private MemorySegment keys(int page, int slots, AttentionScratch scratch, Bf16Scratch fast) {
    if (block.keys().coded() >= page * ROWS + slots) {
      Optional<MemorySegment> floats =
          block.keys().floats(page, slots, scratch.page, scratch.turns);
      if (floats.isPresent()) {
        return floats.get();
      }
    }
    RawPage rows = RawPage.of(slots, fast.keyDim);
    block.keys().read(page * ROWS, rows);
    for (int d = 0; d < fast.keyDim; d++) {
      for (int r = 0; r < slots; r++) {
        float x = rows.values()[r * fast.keyDim + d];
        fast.page.setAtIndex(ValueLayout.JAVA_FLOAT, (long) d * ROWS + r, x);
      }
    }
    return fast.page;
  }

  /** A page of values as f32[64][D]. */
  private MemorySegment values(int page, int slots, AttentionScratch scratch, Bf16Scratch fast) {
    if (block.values().coded() >= page * ROWS + slots) {
      Optional<MemorySegment> floats =
          block.values().floats(page, slots, scratch.page, scratch.turns);
      if (floats.isPresent()) {
        return floats.get();
      }
    }
    RawPage rows = RawPage.of(slots, fast.valueDim);
    block.values().read(page * ROWS, rows);
    MemorySegment.copy(
        rows.values(), 0, fast.page, ValueLayout.JAVA_FLOAT, 0, slots * fast.valueDim);
    return fast.page;
  }

  /** Turns a row of scores into weights under its running maximum, rescaling what was summed. */
  private void weigh(
      int first, int i, AttentionScratch scratch, Bf16Scratch fast, AttentionPartial partial) {
    int from = Math.clamp((long) scratch.from[i] - first * ROWS, 0, SLOTS);
    int to = Math.clamp((long) scratch.to[i] - first * ROWS, 0, SLOTS);
    long row = 4L * i * SLOTS;
    long weights = 2L * i * SLOTS;
    float most = Float.NEGATIVE_INFINITY;
    if (from < to) {
      hide(first, row, from, to, fast);
      addBiases(first, row, from, to, fast);
      most = Bf16Softmax.max(fast.scores, row, SLOTS);
    }
    if (most == Float.NEGATIVE_INFINITY) {
      fast.weights.asSlice(weights, 2L * SLOTS).fill((byte) 0);
      return;
    }
    if (most > partial.max[i]) {
      float factor = ExpRef.exp(partial.max[i] - most);
      partial.max[i] = most;
      partial.sum[i] *= factor;
      Bf16Softmax.scale(fast.sums, 4L * i * fast.valueDim, fast.valueDim, factor);
    }
    Bf16Softmax.weights(
        fast.scores, row, SLOTS, partial.max[i], fast.weights, weights, fast.partials);
    partial.sum[i] += Floats.sum(fast.partials, 0, Bf16Softmax.PARTIALS);
  }

  /** Gives -inf to the slots outside [from, to), and to those of pages that are not read. */
  private void hide(int first, long row, int from, int to, Bf16Scratch fast) {
    MemorySegment.copy(fast.unseen, 0, fast.scores, row, 4L * from);
    MemorySegment.copy(fast.unseen, 0, fast.scores, row + 4L * to, 4L * (SLOTS - to));
    if (block.chosen() != AttentionBlock.ALL_PAGES) {
      for (int page = from / ROWS; page * ROWS < to; page++) {
        if (!block.reads(first + page)) {
          MemorySegment.copy(fast.unseen, 0, fast.scores, row + 4L * page * ROWS, 4L * ROWS);
        }
      }
    }
  }

  private void addBiases(int first, long row, int from, int to, Bf16Scratch fast) {
    if (block.pairs().hasBiases()) {
      for (int r = from; r < to; r++) {
        float bias = block.pairs().bias(first * ROWS + r);
        long at = row / 4 + r;
        float score = fast.scores.getAtIndex(ValueLayout.JAVA_FLOAT, at);
        fast.scores.setAtIndex(ValueLayout.JAVA_FLOAT, at, score + bias);
      }
    }
  }
}
