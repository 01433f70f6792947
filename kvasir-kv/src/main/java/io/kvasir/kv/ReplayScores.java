package io.kvasir.kv;

import io.kvasir.kernel.Exp;
import io.kvasir.kernel.ExpRef;
import io.kvasir.kernel.Floats;
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
  private final float[][] best; // [G][prompt]
  private int from; // of the chunk that is replayed
  private int to;

  ReplayScores(int kvHeads, int prompt, int sinks) {
    this.prompt = prompt;
    this.sinks = sinks;
    this.best = new float[kvHeads][prompt];
  }

  /** From now on pairs [from, to) are replayed. */
  void begin(int from, int to) {
    this.from = from;
    this.to = to;
  }

  float[][] best() {
    return best;
  }

  /** Rows of the replay have come to the layer, their keys with them; q is [T][H*D]. */
  void see(LayerStore store, float[] q, int row, int rows, int position, Workers workers) {
    int rowsAtOnce = PromptBlock.rowsAtOnce(store.shape().groupSize());
    List<AttentionBlock> blocks = new ArrayList<>();
    for (int g = 0; g < best.length; g++) {
      for (int r = 0; r < rows; r += rowsAtOnce) {
        int count = Math.min(rowsAtOnce, rows - r);
        blocks.add(
            new AttentionBlock(
                store,
                g,
                row + r,
                count,
                position + r,
                Arithmetic.EXACT,
                AttentionBlock.ALL_PAGES));
      }
    }
    AttentionScratch[] scratch = new AttentionScratch[workers.threads()];
    Arrays.setAll(scratch, thread -> new AttentionScratch());
    workers.run(
        blocks.size(),
        (task, thread) -> {
          blocks.get(task).prepare(q, scratch[thread]);
          raise(blocks.get(task), logSumExp(blocks.get(task), scratch[thread]), scratch[thread]);
        });
  }

  /** The normalisers of a block's queries over the pairs that take part. */
  private float[] logSumExp(AttentionBlock block, AttentionScratch scratch) {
    float[] max = new float[block.queries()];
    float[] sum = new float[block.queries()];
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    for (int page = 0; page < block.pages(); page++) {
      if (!meets(page, 0, sinks) && !meets(page, from, to) && (page + 1) * ROWS <= prompt) {
        continue;
      }
      score(block, page, scratch);
      for (int i = 0; i < max.length; i++) {
        float most = Math.max(max[i], Floats.max(scratch.weights, i * ROWS, block.slots(page)));
        if (most > Float.NEGATIVE_INFINITY) {
          sum[i] *= ExpRef.exp(max[i] - most);
          sum[i] += Exp.softmax(scratch.weights, i * ROWS, block.slots(page), most);
          max[i] = most;
        }
      }
    }
    float[] logSumExp = new float[max.length];
    for (int i = 0; i < max.length; i++) {
      logSumExp[i] = max[i] + (float) StrictMath.log(sum[i]);
    }
    return logSumExp;
  }

  /** Raises the scores of the chunk to what a block's queries give. */
  private void raise(AttentionBlock block, float[] logSumExp, AttentionScratch scratch) {
    float[] most = new float[to - from];
    for (int page = from / ROWS; page * ROWS < to; page++) {
      score(block, page, scratch);
      int start = Math.max(from, page * ROWS);
      int end = Math.min(to, (page + 1) * ROWS);
      for (int i = 0; i < logSumExp.length; i++) {
        Exp.softmax(scratch.weights, i * ROWS, block.slots(page), logSumExp[i]);
        for (int slot = start; slot < end; slot++) {
          float weight = scratch.weights[i * ROWS + slot - page * ROWS];
          most[slot - from] = Math.max(most[slot - from], weight);
        }
      }
    }
    float[] scores = best[block.head()];
    synchronized (scores) { // the largest is the largest in any order
      for (int i = 0; i < most.length; i++) {
        scores[from + i] = Math.max(scores[from + i], most[i]);
      }
    }
  }

  /** Scores of a page, -inf for pairs that take no part or are not seen. */
  private void score(AttentionBlock block, int page, AttentionScratch scratch) {
    int slots = block.slots(page);
    block.scores(page, slots, scratch, scratch.weights);
    for (int r = 0; r < slots; r++) {
      int slot = page * ROWS + r;
      boolean counts = slot < sinks || slot >= from && slot < to || slot >= prompt;
      for (int i = 0; i < block.queries(); i++) {
        if (!counts || slot >= scratch.to[i]) {
          scratch.weights[i * ROWS + r] = Float.NEGATIVE_INFINITY;
        }
      }
    }
  }

  private static boolean meets(int page, int from, int to) {
    return page * ROWS < to && (page + 1) * ROWS > from;
  }
}
