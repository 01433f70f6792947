package io.kvasir.engine;

import java.util.Locale;

/** How activations are rounded where they enter a matrix; all other arithmetic is f32. */
public enum Precision {
  /** Activations stay f32: for checks and comparisons. */
  EXACT,
  /**
   * Activations, and weights as they are used, may be rounded for speed, within the guard of {@code
   * docs/performance.md}: rows of a prompt to bf16 where {@link io.kvasir.kernel.OneDnn} can be
   * had.
   */
  FAST;

  /** In lower case, as the command line and reports have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
