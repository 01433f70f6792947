package io.kvasir.cli;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvBytes;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvPlan;

/**
 * What a plan left of a prompt.
 *
 * @param parts the bytes held
 * @param kept [layer][KV head][original positions, ascending]
 * @param coded [layer][KV head]: how many of {@code kept}, the first ones, stand in codes that are
 *     not exact
 */
record Kept(KvFacts kv, KvBytes parts, int[][][] kept, int[][] coded) {
  /** Reads a prompt and lets the plan compress it. */
  static Kept of(Model model, KvPlan plan, int[] ids, PassListener listener) {
    try (Sequence sequence = model.sequence(plan)) {
      sequence.read(ids, listener);
      KvCache cache = sequence.cache();
      return new Kept(KvFacts.of(sequence), cache.bytesByPart(), positions(cache), coded(cache));
    }
  }

  private static int[][][] positions(KvCache cache) {
    int[][][] positions = new int[cache.shape().layers().size()][][];
    for (int layer = 0; layer < positions.length; layer++) {
      positions[layer] = new int[cache.shape().layer(layer).kvHeads()][];
      for (int head = 0; head < positions[layer].length; head++) {
        positions[layer][head] = cache.positions(layer, head);
      }
    }
    return positions;
  }

  private static int[][] coded(KvCache cache) {
    int[][] coded = new int[cache.shape().layers().size()][];
    for (int layer = 0; layer < coded.length; layer++) {
      coded[layer] = new int[cache.shape().layer(layer).kvHeads()];
      for (int head = 0; head < coded[layer].length; head++) {
        coded[layer][head] = cache.coded(layer, head);
      }
    }
    return coded;
  }
}
