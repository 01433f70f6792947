package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * How a page of {@link #SLOTS} rows lies in memory: first side data, one entry per block of a row,
 * then codes; all little-endian.
 *
 * <pre>
 *           keys: lanes are slots       values: lanes are channels
 *   side    entry[D / block][64]        entry[64][D / block]
 *   codes   word[D * bits / 32][64]     code[64][D]
 * </pre>
 *
 * A key's row is a column of 32-bit words; word w holds its channels {@code w * 32 / bits ..}, the
 * first in the lowest bits. A value's row is a run of codes; how those of 4 bits share a byte is
 * said at {@link Code}.
 *
 * @param dim D, a multiple of 16, or of 32 for codes of 4 bits
 * @param block consecutive channels with one entry of side data, a divisor of dim; dim, or a
 *     multiple of 32
 */
public record PageLayout(Code code, Side side, int dim, int block) {
  /** Rows of a page. */
  public static final int SLOTS = 64;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What stands for one number, as x before its side data is applied. */
  public enum Code {
    /** x itself. */
    F32(32),
    /** x as IEEE binary16. */
    F16(16),
    /** A signed byte. */
    I8(8),
    /**
     * 0 to 15. In values, byte j of 32 channels holds channel j in its low and channel j + 16 in
     * its high half, as in ggml's blocks.
     */
    U4(4);

    private final int bits;

    Code(int bits) {
      this.bits = bits;
    }

    public int bits() {
      return bits;
    }
  }

  /** What one block of codes is scaled and moved by. */
  public enum Side {
    /** Nothing: x = code. */
    NONE(0, 0, 0, 0, 0),
    /** f16 s: x = s * code. */
    SCALE(2, 0, 0xffff, 0, 0),
    /** f16 s: x = s * (code - 8). */
    CENTERED(2, 0, 0xffff, 0, 8),
    /**
     * u16 holding a zero point z in its low 4 bits and above them the upper 12 of the 15 bits of a
     * non-negative f16 s: x = s * (code - z).
     */
    ZERO_POINT(2, 1, 0x7ff8, 15, 0);

    private final int bytes;
    private final int scaleShift;
    private final int scaleMask;
    private final int zeroMask;
    private final int zeroFixed;

    Side(int bytes, int scaleShift, int scaleMask, int zeroMask, int zeroFixed) {
      this.bytes = bytes;
      this.scaleShift = scaleShift;
      this.scaleMask = scaleMask;
      this.zeroMask = zeroMask;
      this.zeroFixed = zeroFixed;
    }

    /** Bytes of an entry. */
    public int bytes() {
      return bytes;
    }

    /** The scale's f16, of an entry's first 16 bits. */
    IntVector scale(IntVector entry) {
      return entry.lanewise(VectorOperators.LSHR, scaleShift).and(scaleMask);
    }

    /** z, of an entry's first 16 bits. */
    IntVector zero(IntVector entry) {
      return entry.and(zeroMask).or(zeroFixed);
    }

    /** The entry at byte {@code at}. */
    int entry(MemorySegment page, long at) {
      return bytes == 0 ? 0 : page.get(SHORT, at);
    }

    /** s of an entry. */
    float scale(int entry) {
      return Float.float16ToFloat((short) ((entry & 0xffff) >>> scaleShift & scaleMask));
    }

    /** What is added to {@code scale * code}; exact. */
    float min(int entry, float scale) {
      return -scale * zero(entry);
    }

    /** z of an entry. */
    int zero(int entry) {
      return entry & zeroMask | zeroFixed;
    }
  }

  /** Entries of side data of one row. */
  public int blocks() {
    return dim / block;
  }

  /** Byte at which the codes begin. */
  public long codesAt() {
    return (long) SLOTS * blocks() * side.bytes;
  }

  /** Bytes of a value's codes. */
  public int rowBytes() {
    return dim * code.bits / 8;
  }

  /** Bytes of a page. */
  public long bytes() {
    return codesAt() + (long) SLOTS * rowBytes();
  }
}
