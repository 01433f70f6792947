package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Codes of 2 to 4 bits as planes, and the scalar twin that defines what {@link CodePlanes} reads.
 * Blocks of {@value #BLOCK} codes, little-endian: plane p of a block is 16 bits, of which bit i is
 * bit p of the block's code i.
 */
public final class CodePlanesRef {
  /** Codes of a block. */
  public static final int BLOCK = 16;

  private static final ValueLayout.OfShort PLANE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private CodePlanesRef() {}

  /** Bytes of {@code n} codes, a multiple of {@link #BLOCK}. */
  public static long bytes(int n, int bits) {
    return 2L * bits * (n / BLOCK);
  }

  /** Code {@code i} of those that begin at byte {@code at}. */
  public static int code(MemorySegment codes, long at, int bits, int i) {
    long block = at + bytes(i, bits);
    int code = 0;
    for (int p = 0; p < bits; p++) {
      code |= (codes.get(PLANE, block + 2L * p) >>> i % BLOCK & 1) << p;
    }
    return code;
  }

  /** Writes code {@code i}; the other codes stay. */
  public static void put(MemorySegment codes, long at, int bits, int i, int code) {
    long block = at + bytes(i, bits);
    int bit = 1 << i % BLOCK;
    for (int p = 0; p < bits; p++) {
      int plane = codes.get(PLANE, block + 2L * p) & ~bit | (code >>> p & 1) << i % BLOCK;
      codes.set(PLANE, block + 2L * p, (short) plane);
    }
  }

  /** As {@link CodePlanes#lookUp}. */
  static void lookUp(
      MemorySegment codes, long at, int bits, int n, float[] table, MemorySegment to, long toAt) {
    for (int i = 0; i < n; i++) {
      to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, toAt + 4L * i, table[code(codes, at, bits, i)]);
    }
  }
}
