package io.kvasir.cli;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvPlan;

/**
 * What a plan left of a prompt.
 *
 * @param kept [layer][KV head][original positions, ascending]
 */
record Kept(KvFacts kv, int[][][] kept) {
  /** Reads a prompt and lets the plan compress it. */
  static Kept of(Model model, KvPlan plan, int[] ids, PassListener listener) {
    try (Sequence sequence = model.sequence(plan)) {
      sequence.read(ids, listener);
      return new Kept(KvFacts.of(sequence), positions(sequence.cache()));
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
}
