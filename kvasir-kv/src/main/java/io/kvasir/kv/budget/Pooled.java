package io.kvasir.kv.budget;

import io.kvasir.kv.KvMethod;
import java.util.Arrays;

/**
 * All pairs of all layers and heads compete for the same places: those whose scores are above one
 * threshold stay.
 */
@KvMethod(
    value = "pooled",
    summary = "all pairs of all layers and heads compete",
    about =
        "Scores of all layers and heads meet one threshold, so heads that matter keep much "
            + "and others next to nothing; memory is freed head by head. Scores must compare across "
            + "heads, as kvzip's do. The prompt's pairs wait until the last layer is read.",
    source = "Kim et al. 2025 (NeurIPS), arXiv:2505.23416, level pair",
    cost = "0 bytes; all layers are held back in f16 until the prompt has been read",
    formula =
        "head h keeps its protected pairs and those whose score is above the threshold that "
            + "leaves keep L G pairs",
    differs =
        "of pairs at the threshold, those of lower layers and heads fill what is left; the authors drop all")
record Pooled() implements Budget {
  @Override
  public String defaultScorer() {
    return "kvzip";
  }

  @Override
  public boolean global() {
    return true;
  }

  @Override
  public void allot(Allotment allotment) {
    int heads = 0;
    int places = 0;
    int open = 0;
    for (int layer = 0; layer < allotment.layers(); layer++) {
      for (int head = 0; head < allotment.kvHeads(layer); head++) {
        heads++;
        places -= guarded(allotment, layer, head);
        open += allotment.stored(layer, head) - guarded(allotment, layer, head);
      }
    }
    places += (int) Math.floor(allotment.exactMean() * heads);
    if (places <= 0 || places >= open) {
      return; // what is protected takes all places, or everything stays
    }
    float threshold = threshold(allotment, open, places);
    int ties = places;
    for (int layer = 0; layer < allotment.layers(); layer++) {
      for (int head = 0; head < allotment.kvHeads(layer); head++) {
        ties -= count(allotment, layer, head, threshold, false);
      }
    }
    for (int layer = 0; layer < allotment.layers(); layer++) {
      for (int head = 0; head < allotment.kvHeads(layer); head++) {
        int above = count(allotment, layer, head, threshold, false);
        int tied = Math.clamp(ties, 0, count(allotment, layer, head, threshold, true) - above);
        ties -= tied;
        allotment.keep(layer, head, guarded(allotment, layer, head) + above + tied);
      }
    }
  }

  private static int guarded(Allotment allotment, int layer, int head) {
    int guarded = 0;
    for (int slot = 0; slot < allotment.stored(layer, head); slot++) {
      guarded += allotment.isProtected(layer, head, slot) ? 1 : 0;
    }
    return guarded;
  }

  /** The least score that has a place. */
  private static float threshold(Allotment allotment, int open, int places) {
    float[] scores = new float[open];
    int next = 0;
    for (int layer = 0; layer < allotment.layers(); layer++) {
      for (int head = 0; head < allotment.kvHeads(layer); head++) {
        float[] of = allotment.scores(layer, head);
        for (int slot = 0; slot < of.length; slot++) {
          if (!allotment.isProtected(layer, head, slot)) {
            scores[next++] = of[slot];
          }
        }
      }
    }
    Arrays.sort(scores);
    return scores[open - places];
  }

  private static int count(
      Allotment allotment, int layer, int head, float threshold, boolean withTies) {
    float[] scores = allotment.scores(layer, head);
    int count = 0;
    for (int slot = 0; slot < scores.length; slot++) {
      boolean best = withTies ? scores[slot] >= threshold : scores[slot] > threshold;
      if (best && !allotment.isProtected(layer, head, slot)) {
        count++;
      }
    }
    return count;
  }
}
