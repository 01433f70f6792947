package io.kvasir.kv;

import io.kvasir.kernel.Exp;
import io.kvasir.kernel.ExpRef;
import io.kvasir.kernel.FloatTile;
import io.kvasir.kernel.Floats;
import io.kvasir.kernel.Turns;
import io.kvasir.kv.codec.KeyFormat;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A few consecutive rows of one sequence at one KV head: all query heads of the group go through
 * each page together.
 *
 * @param row first row of the batch
 * @param position position of that row
 * @param arithmetic how its scores and weights are computed
 * @param chosen which pages a reader chose, one flag a page; {@link #ALL_PAGES} without a reader
 */
record AttentionBlock(
    LayerStore store,
    int head,
    int row,
    int rows,
    int position,
    Arithmetic arithmetic,
    boolean[] chosen) {
  static final boolean[] ALL_PAGES = {};
  private static final int ROWS = PageFormat.ROWS;

  /** Queries: row-major over (row, member of the group). */
  int queries() {
    return rows * store.shape().groupSize();
  }

  HeadStore pairs() {
    return store.heads()[head];
  }

  Side<KeyFormat> keys() {
    return pairs().keys();
  }

  Side<ValueFormat> values() {
    return pairs().values();
  }

  boolean sameHead(AttentionBlock other) {
    return store == other.store && head == other.head;
  }

  int pages() {
    return pairs().pages();
  }

  /** Groups of pages; they begin at fixed pages of the sequence, dropped ones counted. */
  int groups() {
    int dropped = pairs().droppedPages();
    int last = dropped + pages();
    return (last + Attention.GROUP_PAGES - 1) / Attention.GROUP_PAGES
        - dropped / Attention.GROUP_PAGES;
  }

  int firstPage(int group) {
    return Math.max(
        0, group * Attention.GROUP_PAGES - pairs().droppedPages() % Attention.GROUP_PAGES);
  }

  int endPage(int group) {
    return Math.min(
        pages(),
        (group + 1) * Attention.GROUP_PAGES - pairs().droppedPages() % Attention.GROUP_PAGES);
  }

  /** Scales and prepares the queries, and finds which slots each may see. */
  void prepare(float[] q, AttentionScratch scratch) {
    LayerShape shape = store.shape();
    int dim = shape.keyDim();
    int count = queries();
    int width = keys().format().queryWidth();
    scratch.plain = AttentionScratch.atLeast(scratch.plain, count * dim);
    int padded = FloatTile.padded(count);
    scratch.prepared = AttentionScratch.atLeast(scratch.prepared, padded * width);
    scratch.weights = AttentionScratch.atLeast(scratch.weights, padded * ROWS);
    scratch.row = AttentionScratch.atLeast(scratch.row, Math.max(dim, shape.valueDim()));
    scratch.reservePage(keys().format(), values().format());
    ranges(scratch);
    for (int i = 0; i < count; i++) {
      int at = queryAt(i) * dim;
      for (int d = 0; d < dim; d++) {
        scratch.plain[i * dim + d] = q[at + d] * shape.scale();
      }
      keys().format().prepareQuery(scratch.plain, i * dim, scratch.prepared, i * width);
    }
  }

  /** Finds which slots each query may see. */
  void ranges(AttentionScratch scratch) {
    LayerShape shape = store.shape();
    if (scratch.from.length < queries()) {
      scratch.from = new int[queries()];
      scratch.to = new int[queries()];
    }
    int group = shape.groupSize();
    for (int r = 0; r < rows; r++) {
      int p = position + r;
      int from = shape.window() == 0 ? 0 : pairs().slotsBefore(p - shape.window() + 1);
      Arrays.fill(scratch.from, r * group, (r + 1) * group, from);
      Arrays.fill(scratch.to, r * group, (r + 1) * group, pairs().slotsBefore(p + 1));
    }
  }

  /** Slots of a page that hold pairs. */
  int slots(int page) {
    return Math.min(ROWS, pairs().count() - page * ROWS);
  }

  /** Whether any query of this block may see a slot of page {@code page}. */
  boolean sees(int page) {
    int last = position + rows - 1;
    return reads(page) && pairs().slotsBefore(last + 1) > page * ROWS;
  }

  boolean reads(int page) {
    return chosen == ALL_PAGES || chosen[page];
  }

  /** Whether a page is to be read for some query, after {@link #prepare}. */
  boolean takes(int page, AttentionScratch scratch) {
    return reads(page) && visible(page, queries(), scratch);
  }

  /** Attention over one group of pages, added to a fresh {@code partial}. */
  void attend(int group, AttentionScratch scratch, AttentionPartial partial) {
    int count = queries();
    for (int page = firstPage(group); page < endPage(group); page++) {
      if (!takes(page, scratch)) {
        continue;
      }
      int slots = slots(page);
      scores(page, slots, scratch, scratch.weights);
      for (int i = 0; i < count; i++) {
        weigh(page, slots, i, scratch, partial);
      }
      accumulate(page, slots, scratch, scratch.weights, partial);
    }
  }

  /**
   * Writes the result of every query to its place in the batch.
   *
   * @param logSumExp receives the normalisers, [T][H], where the attention mass is wanted
   */
  void finish(AttentionPartial total, AttentionScratch scratch, float[] logSumExp, float[] out) {
    ValueFormat format = values().format();
    int dim = format.dim();
    scratch.row = AttentionScratch.atLeast(scratch.row, dim);
    for (int i = 0; i < queries(); i++) {
      format.finishOutput(total.acc, i * format.outputWidth(), scratch.row, 0);
      int at = queryAt(i) * dim;
      float sum = total.sum[i];
      for (int d = 0; d < dim; d++) {
        out[at + d] = (scratch.row[d] + total.rawAcc[i * dim + d]) / sum;
      }
      if (store.tracksMass()) {
        logSumExp[queryAt(i)] = total.max[i] + (float) StrictMath.log(sum);
      }
    }
  }

  /** Adds what the queries give to the slots of a page, after {@link #prepare}. */
  void addMass(int page, AttentionNoise noise, AttentionScratch scratch, float[] logSumExp) {
    int slots = slots(page);
    float[] mass = pairs().mass().column(noise);
    if (queries() < PromptBlock.QUERIES) {
      scores(page, slots, scratch, scratch.weights);
    } else {
      new PromptBlock(this).scores(page, slots, scratch);
    }
    float share = 1f / store.shape().groupSize();
    for (int i = 0; i < queries(); i++) {
      int from = Math.max(0, scratch.from[i] - page * ROWS);
      int to = Math.min(slots, scratch.to[i] - page * ROWS);
      if (from < to) {
        int at = i * ROWS + from;
        addBiases(page * ROWS + from, to - from, scratch.weights, at);
        disturb(i, page * ROWS + from, to - from, noise, scratch.weights, at, scratch.noise);
        Exp.softmax(scratch.weights, at, to - from, logSumExp[queryAt(i)]);
        Floats.axpy(share, scratch.weights, at, mass, page * ROWS + from, to - from);
      }
    }
  }

  /**
   * The normalisers of the softmax rows under noise, after {@link #prepare}.
   *
   * @param logSumExp receives them, [T][H]
   */
  void normalise(AttentionNoise noise, AttentionScratch scratch, float[] logSumExp) {
    float[] max = new float[queries()];
    float[] sum = new float[queries()];
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    for (int page = 0; page < pages(); page++) {
      if (takes(page, scratch)) {
        scores(page, slots(page), scratch, scratch.weights);
        for (int i = 0; i < max.length; i++) {
          int from = Math.max(0, scratch.from[i] - page * ROWS);
          int to = Math.min(slots(page), scratch.to[i] - page * ROWS);
          if (from < to) {
            int at = i * ROWS + from;
            addBiases(page * ROWS + from, to - from, scratch.weights, at);
            disturb(i, page * ROWS + from, to - from, noise, scratch.weights, at, scratch.noise);
            float most = Math.max(max[i], Floats.max(scratch.weights, at, to - from));
            sum[i] *= ExpRef.exp(max[i] - most);
            sum[i] += Exp.softmax(scratch.weights, at, to - from, most);
            max[i] = most;
          }
        }
      }
    }
    for (int i = 0; i < max.length; i++) {
      logSumExp[queryAt(i)] = max[i] + (float) StrictMath.log(sum[i]);
    }
  }

  /**
   * Disturbs the scores of query {@code i} for n slots; noise belongs to positions.
   *
   * @param slot the first slot, whose score is {@code scores[at]}
   * @param room for n floats
   */
  void disturb(int i, int slot, int n, AttentionNoise noise, float[] scores, int at, float[] room) {
    if (noise.equals(AttentionNoise.NONE)) {
      return;
    }
    int group = store.shape().groupSize();
    int query = position + i / group;
    int key = noise.key(store.index(), head * group + i % group, query);
    double temperature = noise.temperature(store.step(query));
    for (int r = 0; r < n; ) {
      int run = pairs().run(slot + r, slot + n);
      noise.apply(scores, at + r, run, key, pairs().position(slot + r), temperature, room);
      r += run;
    }
  }

  private boolean visible(int page, int count, AttentionScratch scratch) {
    for (int i = 0; i < count; i++) {
      if (scratch.from[i] < (page + 1) * ROWS && scratch.to[i] > page * ROWS) {
        return true;
      }
    }
    return false;
  }

  /**
   * Scores of the slots of a page, after {@link #prepare}.
   *
   * @param scores receives [count][64]
   */
  void scores(int page, int slots, AttentionScratch scratch, float[] scores) {
    int count = queries();
    int coded = Math.clamp((long) keys().coded() - page * ROWS, 0, slots);
    if (coded > 0 && arithmetic == Arithmetic.DECODED && keys().format().unrotated()) {
      turnedScores(page, coded, scratch, scores);
    } else if (coded > 0 && arithmetic == Arithmetic.DECODED && keys().format().roundsOnCodes()) {
      keys()
          .format()
          .roundedScores(
              scratch.prepared, count, keys().page(page), coded, scores, scratch.groupSums);
    } else if (coded > 0 && keys().format().onFloats()) {
      scoresOnFloats(page, coded, scratch, scores);
    } else if (coded > 0) {
      keys().format().scores(scratch.prepared, count, keys().page(page), coded, scores);
    }
    int dim = store.shape().keyDim();
    for (int r = coded; r < slots; r++) {
      keys().raw().read(page * ROWS + r - keys().coded(), scratch.row, 0);
      for (int i = 0; i < count; i++) {
        scores[i * ROWS + r] = Floats.dot(scratch.plain, i * dim, scratch.row, 0, dim);
      }
    }
  }

  private void turnedScores(int page, int coded, AttentionScratch scratch, float[] scores) {
    int count = queries();
    float[] turned =
        AttentionScratch.atLeast(scratch.turned, FloatTile.padded(count) * store.shape().keyDim());
    scratch.turned = turned;
    Turns turns = keys().turns(page, coded, scratch.prepared, count, turned, scratch.turns);
    keys().format().turnedScores(turned, count, keys().page(page), turns, scratch.page, scores);
  }

  private void scoresOnFloats(int page, int coded, AttentionScratch scratch, float[] scores) {
    int count = FloatTile.padded(queries());
    int dim = store.shape().keyDim();
    MemorySegment floats = keys().floats(page, coded, scratch.page, scratch.turns).orElseThrow();
    Arrays.fill(scores, 0, count * ROWS, 0);
    FloatTile.multiplyAdd(scratch.prepared, dim, count, dim, floats, scores, ROWS);
  }

  private void accumulateOnFloats(
      int page, int coded, AttentionScratch scratch, float[] weights, AttentionPartial partial) {
    int count = FloatTile.padded(queries());
    int width = values().format().outputWidth();
    MemorySegment floats = values().floats(page, coded, scratch.page, scratch.turns).orElseThrow();
    FloatTile.multiplyAdd(weights, ROWS, count, coded, floats, partial.acc, width);
  }

  /** Turns the scores of one query into weights under its running maximum; unseen slots get 0. */
  void weigh(int page, int slots, int i, AttentionScratch scratch, AttentionPartial partial) {
    float[] weights = scratch.weights;
    int base = i * ROWS;
    int from = Math.clamp((long) scratch.from[i] - page * ROWS, 0, slots);
    int to = Math.clamp((long) scratch.to[i] - page * ROWS, 0, slots);
    for (int r = 0; r < from; r++) {
      weights[base + r] = 0;
    }
    for (int r = Math.max(from, to); r < slots; r++) {
      weights[base + r] = 0;
    }
    if (from >= to) {
      return;
    }
    addBiases(page * ROWS + from, to - from, weights, base + from);
    partial.raise(i, Floats.max(weights, base + from, to - from));
    partial.sum[i] += Exp.softmax(weights, base + from, to - from, partial.max[i]);
  }

  /** Adds the biases of n slots to their scores, the first of which is {@code scores[at]}. */
  void addBiases(int slot, int n, float[] scores, int at) {
    if (pairs().hasBiases()) {
      for (int r = 0; r < n; r++) {
        scores[at + r] += pairs().bias(slot + r);
      }
    }
  }

  /**
   * Adds the values of a page.
   *
   * @param weights [count][64]
   */
  void accumulate(
      int page, int slots, AttentionScratch scratch, float[] weights, AttentionPartial partial) {
    int count = queries();
    int coded = Math.clamp((long) values().coded() - page * ROWS, 0, slots);
    if (coded > 0 && arithmetic == Arithmetic.DECODED && values().format().roundsOnCodes()) {
      values()
          .format()
          .accumulateRounded(
              weights, count, values().page(page), coded, partial.acc, scratch.groupSums);
    } else if (coded > 0 && values().format().onFloats()) {
      accumulateOnFloats(page, coded, scratch, weights, partial);
    } else if (coded > 0) {
      values().format().accumulate(weights, count, values().page(page), coded, partial.acc);
    }
    int dim = store.shape().valueDim();
    for (int r = coded; r < slots; r++) {
      values().raw().read(page * ROWS + r - values().coded(), scratch.row, 0);
      for (int i = 0; i < count; i++) {
        Floats.axpy(weights[i * ROWS + r], scratch.row, 0, partial.rawAcc, i * dim, dim);
      }
    }
  }

  /** Index of query {@code i} among all (row, query head) of the batch. */
  int queryAt(int i) {
    int group = store.shape().groupSize();
    return (row + i / group) * store.shape().queryHeads() + head * group + i % group;
  }
}
