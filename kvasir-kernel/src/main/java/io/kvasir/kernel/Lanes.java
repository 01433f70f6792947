package io.kvasir.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector width of this machine, and loads that widen narrow integers to it. */
final class Lanes {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
  static final VectorSpecies<Short> S =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  /** Two shorts to a float: as many as fit a whole vector. */
  static final VectorSpecies<Short> PAIRS = VectorSpecies.of(short.class, F.vectorShape());

  /** A quarter of a float vector; twice that on 128-bit machines, which have no 32-bit vectors. */
  static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));

  /** Floats in a vector: 4, 8 or 16. */
  static final int N = F.length();

  static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  private Lanes() {}

  static IntVector shorts(long at) {
    return (IntVector)
        ShortVector.fromMemorySegment(S, Native.ALL, at, LE)
            .convertShape(VectorOperators.S2I, I, 0);
  }
}
