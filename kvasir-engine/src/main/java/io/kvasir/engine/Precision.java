package io.kvasir.engine;

import java.util.Locale;

/** How the rows that enter weight matrices are rounded. */
public enum Precision {
  /** Not at all, everything is f32: for checks and comparisons. */
  EXACT,
  /**
   * To int8, each 32 columns with a scale of their own, as llama.cpp does; sums are f32. Where the
   * weights of a matrix are no codes, not at all. Rows of a prompt, and weights with them, to bf16
   * instead where {@link io.kvasir.kernel.OneDnn} can be had.
   */
  FAST;

  /** In lower case, as the command line and reports have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
