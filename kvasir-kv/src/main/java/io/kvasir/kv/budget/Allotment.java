package io.kvasir.kv.budget;

import io.kvasir.kv.KvLayer;

/**
 * What a budget divides: the pairs of one layer, or of all compressible layers for a global budget.
 * Sliding-window layers are exempt and not part of it. Every head starts with {@link #mean()}.
 */
public interface Allotment {
  /** Compressible layers of the model. */
  int layers();

  /** Which of the model's compressible layers are being cut now: first (inclusive). */
  int from();

  /** Which of the model's compressible layers are being cut now: last (exclusive). */
  int to();

  /** Tokens the sequence has seen, whether or not their pairs are still stored. */
  int seen();

  /** Tokens of the prompt; as many as {@link #seen} while that is being read. */
  int prompt();

  /** A compressible layer, cut now or not, as a layer of the model. */
  KvLayer place(int layer);

  int kvHeads(int layer);

  int stored(int layer, int head);

  /** How many of the stored pairs are of the prompt. */
  int ofPrompt(int layer, int head);

  /** Scores of a head in {@code [from, to)}, one per slot; higher is kept. Not to be changed. */
  float[] scores(int layer, int head);

  /** Pairs per head that the plan's {@code keep} means on average, at this length. */
  int mean();

  /** {@link #mean()} before it was rounded down: share x seen, or the number of pairs. */
  double exactMean();

  /** Whether a stored pair is protected by the mask. */
  boolean isProtected(int layer, int head, int slot);

  /** Pairs per head protected by the mask. */
  int protectedPairs();

  /** Head {@code head} of layer {@code layer} keeps {@code pairs}; cut to [1, stored]. */
  void keep(int layer, int head, int pairs);
}
