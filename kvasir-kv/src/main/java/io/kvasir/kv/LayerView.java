package io.kvasir.kv;

import java.util.function.IntConsumer;

/**
 * One layer of one sequence, as scorers and budgets see it: the stored pairs, and the signals the
 * method declared. Valid during the call that receives it. Query heads are numbered 0..H-1, head h
 * reads KV head {@code h / groupSize}.
 */
public interface LayerView {
  /** Index of the layer in the model. */
  int layer();

  LayerShape shape();

  /** The model: its rotations, and what was learned of it beforehand. */
  KvModel model();

  /** Tokens the sequence has seen, whether or not their pairs are still stored. */
  int seen();

  /**
   * Does something for each KV head, on several threads where they are at hand. What is done for
   * one must not depend on another.
   */
  default void heads(IntConsumer each) {
    for (int g = 0; g < shape().kvHeads(); g++) {
      each.accept(g);
    }
  }

  /** Pairs stored by KV head {@code g}. */
  int stored(int g);

  /** Original position of a stored pair; ascending with the slot. */
  int position(int g, int slot);

  /** Rotated keys. */
  Rows keys(int g);

  Rows values(int g);

  /** How many recent queries are at hand: the declared number, or fewer after a short prompt. */
  int recentQueries();

  /**
   * Copies recent query {@code i} (0 is the oldest) of query head {@code h}, rotated and not scaled
   * by 1/sqrt(D), to {@code out[at .. at+D)}.
   *
   * @return its position
   */
  int recentQuery(int h, int i, float[] out, int at);

  /**
   * Mean and covariance of the queries of head {@code h} before their rotation: of all that the
   * sequence has seen at position {@code from} and later, of which there is at least one.
   */
  QueryMoments queryMoments(int h, int from);

  /** The factor of {@code q k} in the softmax. */
  default float scale() {
    return shape().scale();
  }

  /**
   * Attention mass of slot {@code slot}: the sum over all queries so far of the mean over the
   * group's heads of the attention weight it received.
   */
  float attentionMass(int g, int slot);

  /** The same of weights that were disturbed before they were normalised. */
  float noisedMass(int g, int slot, AttentionNoise noise);

  /** The largest attention weight that a pair received while the prompt was read again. */
  float replayed(int g, int slot);
}
