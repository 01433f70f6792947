package io.kvasir.kv;

import io.kvasir.kernel.Workers;
import io.kvasir.kv.read.Reader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Attention of a batch of rows over the caches of their sequences: exact softmax, computed page by
 * page with a running maximum.
 *
 * <p>The pages of a head are read in groups of {@value #GROUP_PAGES}; a group gives (maximum, sum,
 * weighted values), and groups are merged in order. Where a group ends depends on positions alone,
 * so neither the batch nor the number of threads changes a bit of the result.
 *
 * <p>One pass at a time: an instance belongs to one team of workers and one caller.
 */
public final class Attention {
  static final int GROUP_PAGES = 8;

  /** With fewer tasks than this, the page groups of a head become tasks of their own. */
  private static final int FEW_TASKS = 16;

  private final Workers workers;
  private final AttentionScratch[] scratch;
  private final List<AttentionPartial> parts = new ArrayList<>(); // of page groups, used again
  private float[] logSumExp = {}; // of the pass, [T][H], where a method asked for attention mass

  public Attention(Workers workers) {
    this.workers = workers;
    this.scratch = new AttentionScratch[workers.threads()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new AttentionScratch();
    }
  }

  /**
   * Consecutive rows of one sequence in a batch.
   *
   * @param row first row of the batch that belongs to this sequence
   * @param rows how many
   * @param position position of the first one
   * @param arithmetic how all of them are computed
   */
  public record Span(KvCache cache, int row, int rows, int position, Arithmetic arithmetic) {
    private Span part(int from, int count) {
      return new Span(cache, row + from, count, position + from, arithmetic);
    }
  }

  /**
   * Takes the batch through one layer: appends its keys and values, attends, and seals what is due,
   * as if row by row. Row t of a sequence sees its pairs up to its own position, in a
   * sliding-window layer only the last {@link LayerShape#window} of them. In the other layers a
   * plan's reader may choose the pages that are read, for each KV head.
   *
   * @param q rotated queries, not scaled, [T][H*D]
   * @param k rotated keys, [T][G*D]
   * @param v values, [T][G*D]
   * @param out receives [T][H*D of a value]
   * @throws IllegalStateException when a reader chooses no page
   */
  public void pass(int layer, List<Span> spans, float[] q, float[] k, float[] v, float[] out) {
    List<Span> left = spans;
    while (!left.isEmpty()) {
      List<Span> now = new ArrayList<>();
      List<Span> later = new ArrayList<>();
      for (Span span : left) {
        int rows = span.cache().rowsTogether(layer, span.rows());
        now.add(span.part(0, rows));
        if (rows < span.rows()) {
          later.add(span.part(rows, span.rows() - rows));
        }
      }
      append(layer, now, k, v, workers);
      attend(layer, now, q, out);
      for (Span span : now) {
        span.cache().seal(layer, span.position() + span.rows(), workers);
      }
      left = later;
    }
  }

  private static void append(int layer, List<Span> spans, float[] k, float[] v, Workers workers) {
    for (Span span : spans) {
      span.cache().layer(layer).append(k, v, span.row(), span.rows(), span.position(), workers);
      span.cache().appended(layer, span.rows());
    }
  }

  private void attend(int layer, List<Span> spans, float[] q, float[] out) {
    List<AttentionBlock> blocks = new ArrayList<>();
    List<StoreReadStep> choices = new ArrayList<>();
    for (Span span : spans) {
      LayerStore store = span.cache().layer(layer);
      store.remember(q, span.row(), span.rows(), span.position(), workers);
      Reader reader = span.cache().plan().reader();
      if (reader.readsAll() || store.shape().window() > 0) {
        split(store, span.row(), span.rows(), span.position(), span.arithmetic(), blocks);
      } else {
        for (AttentionBlock block : choosing(store, span)) {
          choices.add(new StoreReadStep(reader, block, q));
          blocks.add(block);
        }
      }
    }
    if (!choices.isEmpty()) {
      workers.run(choices.size(), (task, thread) -> choices.get(task).choose());
    }
    attend(blocks, q, out);
  }

  /** Rows over a store that is no cache's: the raw layer of an exact prefill. */
  void attend(
      LayerStore store, int rows, int position, Arithmetic arithmetic, float[] q, float[] out) {
    List<AttentionBlock> blocks = new ArrayList<>();
    store.remember(q, 0, rows, position, workers);
    split(store, 0, rows, position, arithmetic, blocks);
    attend(blocks, q, out);
  }

  /** Adds the blocks that rows of a layer are attended in. */
  static void split(
      LayerStore store,
      int row,
      int rows,
      int position,
      Arithmetic arithmetic,
      List<AttentionBlock> blocks) {
    int group = store.shape().groupSize();
    boolean bf16 = arithmetic.bf16() && Bf16Block.takes(store);
    Arithmetic used = arithmetic.bf16() && !bf16 ? Arithmetic.EXACT : arithmetic;
    int rowsAtOnce = bf16 ? Bf16Block.rowsAtOnce(group) : PromptBlock.rowsAtOnce(group);
    for (int g = 0; g < store.shape().kvHeads(); g++) {
      for (int r = 0; r < rows; r += rowsAtOnce) {
        blocks.add(
            new AttentionBlock(
                store,
                g,
                row + r,
                Math.min(rowsAtOnce, rows - r),
                position + r,
                used,
                AttentionBlock.ALL_PAGES));
      }
    }
  }

  /** A block of the span's one row for each KV head, no page of which is chosen yet. */
  private static List<AttentionBlock> choosing(LayerStore store, Span span) {
    List<AttentionBlock> blocks = new ArrayList<>();
    for (int g = 0; g < store.shape().kvHeads(); g++) {
      boolean[] none = new boolean[store.heads()[g].pages()];
      blocks.add(
          new AttentionBlock(store, g, span.row(), 1, span.position(), span.arithmetic(), none));
    }
    return blocks;
  }

  private void attend(List<AttentionBlock> blocks, float[] q, float[] out) {
    boolean sums = blocks.stream().anyMatch(block -> block.store().sumsAttention());
    if (sums) {
      int queries = q.length / blocks.getFirst().store().shape().keyDim();
      logSumExp = AttentionScratch.atLeast(logSumExp, queries);
    }
    if (blocks.size() < FEW_TASKS) {
      attendByGroups(blocks, q, out);
    } else {
      workers.run(
          blocks.size(),
          (task, thread) -> {
            AttentionBlock block = blocks.get(task);
            AttentionScratch mine = scratch[thread];
            prepare(block, q, mine);
            mine.total.reset(block);
            for (int group = 0; group < block.groups(); group++) {
              mine.part.reset(block);
              attend(block, group, mine, mine.part);
              mine.total.merge(mine.part);
            }
            block.finish(mine.total, mine, logSumExp, out);
          });
    }
    if (sums) {
      addMasses(blocks, q);
    }
  }

  private static void prepare(AttentionBlock block, float[] q, AttentionScratch scratch) {
    if (block.arithmetic().bf16()) {
      new Bf16Block(block).prepare(q, scratch, scratch.bf16(block.store().shape()));
    } else {
      block.prepare(q, scratch);
    }
  }

  private static void attend(
      AttentionBlock block, int group, AttentionScratch scratch, AttentionPartial part) {
    if (block.arithmetic().bf16()) {
      new Bf16Block(block).attend(group, scratch, scratch.bf16(block.store().shape()), part);
    } else if (block.arithmetic() == Arithmetic.DECODED) {
      new DecodedBlock(block).attend(group, scratch, part);
    } else if (block.queries() >= PromptBlock.QUERIES) {
      new PromptBlock(block).attend(group, scratch, part);
    } else {
      block.attend(group, scratch, part);
    }
  }

  private void attendByGroups(List<AttentionBlock> blocks, float[] q, float[] out) {
    int tasks = 0;
    int[] firstTask = new int[blocks.size() + 1];
    for (int b = 0; b < blocks.size(); b++) {
      tasks += blocks.get(b).groups();
      firstTask[b + 1] = tasks;
    }
    while (parts.size() < tasks) {
      parts.add(new AttentionPartial());
    }
    for (AttentionScratch each : scratch) {
      each.block = AttentionScratch.NONE;
    }
    workers.run(
        tasks,
        (task, thread) -> {
          int b = 0;
          while (firstTask[b + 1] <= task) {
            b++;
          }
          AttentionBlock block = blocks.get(b);
          AttentionScratch mine = scratch[thread];
          if (mine.block != b) {
            prepare(block, q, mine);
            mine.block = b;
          }
          AttentionPartial part = parts.get(task);
          part.reset(block);
          attend(block, task - firstTask[b], mine, part);
        });
    AttentionScratch mine = scratch[0];
    for (int b = 0; b < blocks.size(); b++) {
      AttentionBlock block = blocks.get(b);
      mine.total.reset(block);
      for (int task = firstTask[b]; task < firstTask[b + 1]; task++) {
        mine.total.merge(parts.get(task));
      }
      block.finish(mine.total, mine, logSumExp, out);
    }
  }

  /**
   * Column sums of the softmax, where a method declared them: a second pass over the keys with the
   * final normalisers; under noise a pass before it finds those.
   */
  private void addMasses(List<AttentionBlock> blocks, float[] q) {
    addMass(blocks.stream().filter(b -> b.store().tracksMass()).toList(), AttentionNoise.NONE, q);
    Set<AttentionNoise> noises = new LinkedHashSet<>();
    blocks.forEach(block -> noises.addAll(block.store().noises()));
    for (AttentionNoise noise : noises) {
      List<AttentionBlock> under =
          blocks.stream().filter(block -> block.store().noises().contains(noise)).toList();
      workers.run(
          under.size(),
          (task, thread) -> {
            AttentionBlock block = under.get(task);
            AttentionScratch mine = scratch[thread];
            prepare(block, q, mine);
            if (block.arithmetic().bf16()) {
              Bf16Scratch fast = mine.bf16(block.store().shape());
              new Bf16Block(block).normalise(noise, mine, fast, logSumExp);
            } else {
              block.normalise(noise, mine, logSumExp);
            }
          });
      addMass(under, noise, q);
    }
  }

  /** Pages belong to one task, which adds its queries in order. */
  private void addMass(List<AttentionBlock> counted, AttentionNoise noise, float[] q) {
    List<int[]> tasks = new ArrayList<>(); // first and last block of one (sequence, head), pages
    for (int from = 0; from < counted.size(); ) {
      int to = from + 1;
      while (to < counted.size() && counted.get(to).sameHead(counted.get(from))) {
        to++;
      }
      for (int group = 0; group < counted.get(from).groups(); group++) {
        tasks.add(new int[] {from, to, group});
      }
      from = to;
    }
    workers.run(
        tasks.size(),
        (task, thread) -> {
          int[] which = tasks.get(task);
          for (int b = which[0]; b < which[1]; b++) {
            addMass(counted.get(b), which[2], noise, q, scratch[thread]);
          }
        });
  }

  private void addMass(
      AttentionBlock block, int group, AttentionNoise noise, float[] q, AttentionScratch mine) {
    int page = block.firstPage(group);
    while (page < block.endPage(group) && !block.sees(page)) {
      page++;
    }
    if (page == block.endPage(group)) {
      return;
    }
    prepare(block, q, mine);
    if (block.arithmetic().bf16()) {
      Bf16Scratch fast = mine.bf16(block.store().shape());
      new Bf16Block(block).addMass(group, noise, mine, fast, logSumExp);
      return;
    }
    for (; page < block.endPage(group); page++) {
      if (block.sees(page)) {
        block.addMass(page, noise, mine, logSumExp);
      }
    }
  }
}
