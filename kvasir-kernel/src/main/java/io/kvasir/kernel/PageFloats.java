package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One page as f32, for {@link FloatTile}: where many queries meet a page, widening it once, into
 * memory that stays in the core's own cache, is cheaper than widening it in registers for a few of
 * them at a time. Exact; {@link PageRows#readKey} and {@link PageRows#readValue} define what comes
 * out.
 */
public final class PageFloats {
  private PageFloats() {}

  /** Bytes of a page of f32. */
  public static long bytes(int dim) {
    return 4L * PageLayout.SLOTS * dim;
  }

  /** Whether pages of this layout can be had as f32: those of f32 and f16. */
  public static boolean has(PageLayout layout) {
    return layout.code() == PageLayout.Code.F32 || layout.code() == PageLayout.Code.F16;
  }

  /**
   * Keys as f32[D][64].
   *
   * @param room {@link #bytes} of native memory
   * @return {@code room}, filled; or the page, where it lies so already
   */
  public static MemorySegment keys(PageLayout layout, MemorySegment page, MemorySegment room) {
    return switch (layout.code()) {
      case F32 -> page;
      case F16 -> {
        long from = Native.address(page, 0, layout.bytes());
        long to = Native.address(room, 0, bytes(layout.dim()));
        for (int d = 0; d < layout.dim(); d += 2) {
          widenPairs(from + 2L * PageLayout.SLOTS * d, to + 4L * PageLayout.SLOTS * d);
        }
        yield room;
      }
      default -> throw new IllegalArgumentException(layout.code() + " keys are read as codes");
    };
  }

  /** Values as f32[64][D]; otherwise as {@link #keys}. */
  public static MemorySegment values(PageLayout layout, MemorySegment page, MemorySegment room) {
    return switch (layout.code()) {
      case F32 -> page;
      case F16 -> {
        widen(
            Native.address(page, 0, layout.bytes()),
            Native.address(room, 0, bytes(layout.dim())),
            PageLayout.SLOTS * layout.dim());
        yield room;
      }
      default -> throw new IllegalArgumentException(layout.code() + " values are read as codes");
    };
  }

  /** A word of two channels of every slot, to a row of each. */
  private static void widenPairs(long from, long to) {
    for (int slot = 0; slot < PageLayout.SLOTS; slot += Lanes.N) {
      IntVector pair = IntVector.fromMemorySegment(Lanes.I, Native.ALL, from + 4L * slot, Lanes.LE);
      pair.lanewise(VectorOperators.LSHL, 16)
          .lanewise(VectorOperators.ASHR, 3)
          .and(Half.SIGN_AND_MAGNITUDE)
          .reinterpretAsFloats()
          .mul(Half.BIAS)
          .intoMemorySegment(Native.ALL, to + 4L * slot, Lanes.LE);
      pair.lanewise(VectorOperators.ASHR, 3)
          .and(Half.SIGN_AND_MAGNITUDE)
          .reinterpretAsFloats()
          .mul(Half.BIAS)
          .intoMemorySegment(Native.ALL, to + 4L * (PageLayout.SLOTS + slot), Lanes.LE);
    }
  }

  private static void widen(long from, long to, int count) {
    for (int i = 0; i < count; i += Lanes.N) {
      ((IntVector)
              ShortVector.fromMemorySegment(Lanes.S, Native.ALL, from + 2L * i, Lanes.LE)
                  .convertShape(VectorOperators.S2I, Lanes.I, 0))
          .lanewise(VectorOperators.LSHL, 16)
          .lanewise(VectorOperators.ASHR, 3)
          .and(Half.SIGN_AND_MAGNITUDE)
          .reinterpretAsFloats()
          .mul(Half.BIAS)
          .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
    }
  }
}
