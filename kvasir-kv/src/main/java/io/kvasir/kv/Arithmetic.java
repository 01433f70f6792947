package io.kvasir.kv;

import io.kvasir.kernel.OneDnn;

/**
 * How attention computes for the rows of a {@link Attention.Span}. What a row gives depends on this
 * and on its sequence, never on how many rows come together.
 */
public enum Arithmetic {
  /** f32, sums in one order: the same bits for a row of a prompt and for a decoded one. */
  EXACT,
  /** Rows of a prompt in fast precision: products in bf16 where oneDNN is there, else as exact. */
  PROMPT,
  /** Decoded rows in fast precision: a few queries and a long cache. */
  DECODED;

  /** Whether products are in bf16. */
  boolean bf16() {
    return this == PROMPT && OneDnn.available();
  }
}
