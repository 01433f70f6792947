package io.kvasir.engine;

import java.util.Locale;

/** In what numbers products with weights are computed; sums are f32 in all of them. */
public enum Arithmetic {
  /** Activations as they are. */
  F32,
  /** Activations rounded to 8 bits, block by block, where the weights are coded too. */
  INT8,
  /** Activations and weights rounded to bf16. */
  BF16;

  /** In lower case, as reports have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
