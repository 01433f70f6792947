package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/** Scalar twin that defines {@link ScaledHalves}. */
public final class ScaledHalvesRef {
  private ScaledHalvesRef() {}

  /** Number {@code i} of a page whose slot has the length that stands at byte {@code lengthAt}. */
  public static float number(MemorySegment page, int i, long lengthAt) {
    return Half.get(page, 2L * i) * Float.intBitsToFloat(page.get(Tile.INT, lengthAt));
  }
}
