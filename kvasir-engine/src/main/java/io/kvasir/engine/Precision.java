package io.kvasir.engine;

import java.util.Locale;

/**
 * How activations are rounded. Both compute in f32 today, so that their results are the same bit
 * for bit; they differ in what they promise.
 */
public enum Precision {
  /** Activations stay f32: for checks and comparisons. */
  EXACT,
  /** Activations may be rounded for speed, within the guard of {@code docs/performance.md}. */
  FAST;

  /** In lower case, as the command line and reports have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
