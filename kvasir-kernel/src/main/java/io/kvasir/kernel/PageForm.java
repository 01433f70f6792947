package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The forms in which {@link PageKernels} reads a page: lines of equal width, little-endian, without
 * scales (a codec folds those into the query, the weights or the result).
 *
 * <p>Lines of codes below a byte come in runs of 16 bytes: U4 has 32 elements a run, byte b holding
 * element b in its low and 16 + b in its high nibble; U2 has 64, byte b holding elements b, 16 + b,
 * 32 + b, 48 + b from the low bits up. A last run that is not full still takes 16 bytes.
 */
public enum PageForm {
  F32(32),
  F16(16),
  /** Signed. */
  I8(8),
  /** Unsigned, 0 to 15. */
  U4(4),
  /** Unsigned, 0 to 3. */
  U2(2);

  private static final int RUN_BYTES = 16;

  private final int bits;

  PageForm(int bits) {
    this.bits = bits;
  }

  /** Bits of one element. */
  public int bits() {
    return bits;
  }

  /** Bytes from one line to the next. */
  public int lineBytes(int width) {
    return bits >= 8 ? width * bits / 8 : Math.ceilDiv(width, RUN_BYTES * 8 / bits) * RUN_BYTES;
  }

  /** Where in its line the byte of element j of a code below a byte is. */
  public static int byteOf(int j, int bits) {
    return j / (RUN_BYTES * 8 / bits) * RUN_BYTES + j % RUN_BYTES;
  }

  /** By how many bits that element is shifted up in its byte. */
  public static int shiftOf(int j, int bits) {
    return j % (RUN_BYTES * 8 / bits) / RUN_BYTES * bits;
  }

  /** Elements j to j + N - 1 of the line at byte {@code line}; j a multiple of N. */
  FloatVector load(MemorySegment page, long line, int j) {
    return switch (this) {
      case F32 -> FloatVector.fromMemorySegment(Lanes.F, page, line + 4L * j, Lanes.LE);
      case F16 -> Half.widen(Lanes.shorts(page, line + 2L * j));
      case I8 -> floats(bytes(page, line, j, VectorOperators.B2I));
      case U4 -> codes(page, line, j, 4);
      case U2 -> codes(page, line, j, 2);
    };
  }

  private static FloatVector codes(MemorySegment page, long line, int j, int bits) {
    int first = byteOf(j, bits);
    return floats(
        bytes(page, line, first, VectorOperators.ZERO_EXTEND_B2I)
            .lanewise(VectorOperators.LSHR, shiftOf(j, bits))
            .and((1 << bits) - 1));
  }

  /** Bytes j to j + N - 1; where the shortest byte vector has 2 N lanes, half of one. */
  private static IntVector bytes(
      MemorySegment page, long line, int j, VectorOperators.Conversion<Byte, Integer> widen) {
    int first = j & -Lanes.B.length();
    return (IntVector)
        ByteVector.fromMemorySegment(Lanes.B, page, line + first, Lanes.LE)
            .convertShape(widen, Lanes.I, (j - first) / Lanes.N);
  }

  private static FloatVector floats(IntVector v) {
    return (FloatVector) v.convertShape(VectorOperators.I2F, Lanes.F, 0);
  }
}
