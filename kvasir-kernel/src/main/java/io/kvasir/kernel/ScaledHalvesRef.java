package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/** Scalar twin that defines {@link ScaledHalves}. */
public final class ScaledHalvesRef {
  private ScaledHalvesRef() {}

  /** The f16 at byte {@code at} of a page whose slot has the length at byte {@code lengthAt}. */
  public static float number(MemorySegment page, long at, long lengthAt) {
    return Half.get(page, at) * Float.intBitsToFloat(page.get(Tile.INT, lengthAt));
  }
}
