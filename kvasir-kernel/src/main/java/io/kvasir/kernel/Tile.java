package io.kvasir.kernel;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What the page kernels share. In all of them four queries meet two vectors of a page at a time, or
 * three queries four vectors, so that a page is loaded, and its codes are widened, once for all of
 * them and in registers only. Four vectors are a whole page where vectors are widest: it is then
 * read from front to back, as memory likes it. The loops are written out for each code: with the
 * widening behind a switch or an interface C2 keeps vectors in boxes on the heap, which was 4 to 20
 * times slower. For the same reason they call the JDK's own methods, which C2 is told to inline,
 * and hardly any of ours, which it is not; and a sum that a loop carries is an argument, never a
 * receiver, whose class it would not know (docs/adr/0009).
 *
 * <p>Past the last query the last one is computed again, and past the last channels the last ones:
 * sums are loaded before any is stored, so twice is once.
 */
final class Tile {
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final int QUERIES = 4;

  /** Slots of a tile of keys. */
  static final int SLOTS = 2 * Lanes.N;

  /** Channels from the first vector to the second where values share bytes or words. */
  static final int APART = 16;

  private static final IntVector EIGHTS = IntVector.zero(Lanes.I).addIndex(8);

  private Tile() {}

  /**
   * How many of {@code left} queries go through a page next: three or four, so that few are
   * repeated.
   */
  static int queries(int left) {
    return left % 4 == 0 || left > 9 ? 4 : 3;
  }

  /** The first channel of the tile after that of d, where tiles are {@link #APART} wide. */
  static int next(int d) {
    int next = d + Lanes.N;
    return next % APART == 0 ? next + APART : next;
  }

  /** Bytes at {@code at ..}, sign-extended. */
  static IntVector bytes(long at) {
    if (Lanes.N == 4) { // there is no vector of four bytes
      return IntVector.broadcast(Lanes.I, Native.word(at))
          .lanewise(VectorOperators.LSHR, EIGHTS)
          .lanewise(VectorOperators.LSHL, 24)
          .lanewise(VectorOperators.ASHR, 24);
    }
    return (IntVector)
        ByteVector.fromMemorySegment(Lanes.B, Native.ALL, at, Lanes.LE)
            .convertShape(VectorOperators.B2I, Lanes.I, 0);
  }
}
