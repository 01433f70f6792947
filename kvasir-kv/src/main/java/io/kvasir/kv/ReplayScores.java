package io.kvasir.kv;

import io.kvasir.kernel.ExpRef;
import io.kvasir.kernel.PageSoftmax;
import io.kvasir.kernel.Workers;
import io.kvasir.kv.codec.PageFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The largest attention weight that each pair of one layer receives from the queries of a replay,
 * of all query heads of its group. A pair's slot is its position: the layer holds the whole prompt.
 */
final class ReplayScores {
  private static final int ROWS = PageFormat.ROWS;

  private final int prompt;
  private final int sinks;
  private final float[][] best; // logarithms of weights, [G][prompt]
  private int from; // of the chunk that is replayed
  private int to;

  ReplayScores(int kvHeads, int prompt, int sinks) {
    this.prompt = prompt;
    this.sinks = sinks;
    this.best = new float[kvHeads][prompt];
    for (float[] of : best) {
      Arrays.fill(of, Float.NEGATIVE_INFINITY);
    }
  }

  /** What one thread needs: that of attention, and the scores of a chunk's pages, [count][64]. */
  private record Scratch(AttentionScratch attention, float[][] chunk) {}

  /** From now on pairs [from, to) are replayed. */
  void begin(int from, int to) {
    this.from = from;
    this.to = to;
  }

  /** The weights, [G][prompt]. */
  float[][] weights() {
    float[][] weights = new float[best.length][prompt];
    for (int g = 0; g < best.length; g++) {
      for (int slot = 0; slot < prompt; slot++) {
        weights[g][slot] = ExpRef.exp(best[g][slot]);
      }
    }
    return weights;
  }

  /** Rows of the replay have come to the layer, their keys with them; q is [T][H*D]. */
  void see(LayerStore store, float[] q, int row, int rows, int position, Workers workers) {
    List<AttentionBlock> blocks = new ArrayList<>();
    Attention.split(store, row, rows, position, Arithmetic.EXACT, blocks);
    Scratch[] scratch = new Scratch[workers.threads()];
    int pages = Math.ceilDiv(to, ROWS) - from / ROWS;
    Arrays.setAll(scratch, thread -> new Scratch(new AttentionScratch(), new float[pages][0]));
    workers.run(blocks.size(), (task, thread) -> see(blocks.get(task), q, scratch[thread]));
  }

  private void see(AttentionBlock block, float[] q, Scratch scratch) {
    AttentionScratch attention = scratch.attention();
    AttentionPartial partial = attention.part;
    int count = block.queries();
    block.prepare(q, attention);
    attention.most = AttentionScratch.atLeast(attention.most, count);
    attention.sums = AttentionScratch.atLeast(attention.sums, PageSoftmax.scratch(count));
    partial.reset(block);
    PromptBlock queries = new PromptBlock(block);
    for (int page = 0; page < block.pages(); page++) {
      if (takesPart(page) && block.takes(page, attention)) {
        queries.scores(page, block.slots(page), attention);
        leaveOut(page, count, attention.weights);
        if (meets(page, from, to)) {
          int index = page - from / ROWS;
          scratch.chunk()[index] = AttentionScratch.atLeast(scratch.chunk()[index], count * ROWS);
          System.arraycopy(attention.weights, 0, scratch.chunk()[index], 0, count * ROWS);
        }
        queries.weigh(page, block.slots(page), attention, partial);
      }
    }
    float[] most = largest(scratch.chunk(), partial, count);
    float[] of = best[block.head()];
    synchronized (of) { // the largest is the largest in any order
      for (int i = 0; i < most.length; i++) {
        of[from + i] = Math.max(of[from + i], most[i]);
      }
    }
  }

  /**
   * The largest logarithm of a weight that the queries of a block give to each pair of the chunk.
   *
   * @param partial with the normalisers of the queries
   */
  private float[] largest(float[][] chunk, AttentionPartial partial, int count) {
    float[] most = new float[to - from];
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i++) {
      float logSumExp = partial.max[i] + (float) StrictMath.log(partial.sum[i]);
      for (int page = from / ROWS; page * ROWS < to; page++) {
        float[] scores = chunk[page - from / ROWS];
        int start = Math.max(from, page * ROWS);
        int end = Math.min(to, (page + 1) * ROWS);
        int at = i * ROWS - page * ROWS;
        for (int slot = start; slot < end; slot++) {
          most[slot - from] = Math.max(most[slot - from], scores[at + slot] - logSumExp);
        }
      }
    }
    return most;
  }

  /** Takes the slots of a page that no softmax counts out of it. */
  private void leaveOut(int page, int count, float[] scores) {
    for (int r = 0; r < ROWS; r++) {
      int slot = page * ROWS + r;
      if (slot >= sinks && (slot < from || slot >= to) && slot < prompt) {
        for (int i = 0; i < count; i++) {
          scores[i * ROWS + r] = Float.NEGATIVE_INFINITY;
        }
      }
    }
  }

  private boolean takesPart(int page) {
    return meets(page, 0, sinks) || meets(page, from, to) || (page + 1) * ROWS > prompt;
  }

  private static boolean meets(int page, int from, int to) {
    return page * ROWS < to && (page + 1) * ROWS > from;
  }
}
