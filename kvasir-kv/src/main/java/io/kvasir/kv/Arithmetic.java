package io.kvasir.kv;

import io.kvasir.kernel.OneDnn;

/**
 * How the rows of a span are computed. What a row becomes depends on this and on its own sequence
 * alone, never on how many rows come together.
 */
public enum Arithmetic {
  /** In f32. */
  EXACT,
  /** Rows that are decoded: may be rounded for speed where a codec's kernels gain by it. */
  DECODED,
  /** Rows of a prompt: products in bf16 where oneDNN is there, else as {@link #DECODED}. */
  PROMPT;

  /** Whether rows of this kind are multiplied in bf16. */
  boolean bf16() {
    return this == PROMPT && OneDnn.available();
  }
}
