package io.kvasir.kv;

/**
 * How attention computes for the rows of a {@link Attention.Span}. What a row gives depends on this
 * and on its sequence, never on how many rows come together.
 */
public enum Arithmetic {
  /** f32, sums in one order: the same bits for a row of a prompt and for a decoded one. */
  EXACT,
  /** Rows of a prompt in fast precision. */
  PROMPT,
  /** Decoded rows in fast precision: a few queries and a long cache. */
  DECODED
}
