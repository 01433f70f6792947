package io.kvasir.kv.score;

import io.kvasir.kernel.Exp;
import io.kvasir.kernel.Floats;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Rows;
import java.util.Arrays;

/**
 * What the recent queries of one KV head's group think of the keys before them: the mean of their
 * causal softmax rows, per query head.
 */
final class Votes {
  private final LayerView layer;
  private final int g;
  private final Rows keys;
  private final int voters;
  private final int candidates;
  private final float[] query;
  private final float[] weights;
  private final float[] sums;

  /** The newest {@code window} queries vote, or fewer after a short prompt. */
  Votes(LayerView layer, int g, int window) {
    this.layer = layer;
    this.g = g;
    voters = Math.min(window, layer.recentQueries());
    keys = layer.keys(g);
    query = new float[layer.shape().keyDim()];
    weights = new float[keys.count()];
    candidates = firstSlotFrom(layer.seen() - voters);
    sums = new float[candidates];
  }

  /** Slots before the first voting query. */
  int candidates() {
    return candidates;
  }

  /** The votes of query head {@code h}, one per candidate; overwritten by the next call. */
  float[] of(int h) {
    int others = layer.recentQueries() - voters; // remembered for somebody else, and older
    Arrays.fill(sums, 0);
    for (int i = 0; i < voters; i++) {
      int position = layer.recentQuery(h, others + i, query, 0);
      Floats.scale(layer.scale(), query, 0, query.length);
      keys.dots(query, 0, weights);
      int visible = firstSlotFrom(position + 1);
      float sum = Exp.softmax(weights, 0, visible, Floats.max(weights, 0, visible));
      Floats.axpy(1 / (sum * voters), weights, 0, sums, 0, candidates);
    }
    return sums;
  }

  /** The lowest slot whose pair stands at {@code position} or later. */
  private int firstSlotFrom(int position) {
    int slot = keys.count();
    while (slot > 0 && layer.position(g, slot - 1) >= position) {
      slot--;
    }
    return slot;
  }
}
