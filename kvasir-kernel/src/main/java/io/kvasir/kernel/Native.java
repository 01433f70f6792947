package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Native memory by address, as the kernels read it. {@link #ALL} is a constant: C2 knows its class,
 * bounds and lifetime, and folds the checks of a load away. On a segment that a method is given it
 * inlines some 300 bytecodes a load, or calls a method where it has met two other kinds of segment,
 * and keeps the vectors around that in boxes.
 *
 * <p>So a kernel's bounds are checked once, by {@link #address}, and the caller keeps the segment
 * open meanwhile.
 */
final class Native {
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Native() {}

  /**
   * The address of byte {@code from} of a segment.
   *
   * @param bytes that will be read or written there
   * @throws IllegalArgumentException if the segment is not native memory
   * @throws IllegalStateException if it is closed
   * @throws IndexOutOfBoundsException if it ends before
   */
  static long address(MemorySegment segment, long from, long bytes) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("a segment on the heap, expected native memory");
    }
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException("the memory is closed");
    }
    Objects.checkFromIndexSize(from, bytes, segment.byteSize());
    return segment.address() + from;
  }

  /** The 32 bits at an address. */
  static int word(long address) {
    return ALL.get(INT, address);
  }

  /** The 16 bits at an address, sign-extended. */
  static short bits(long address) {
    return ALL.get(SHORT, address);
  }

  /** The 8 bits at an address, from 0 to 255. */
  static int octet(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address) & 0xff;
  }

  /** The f32 at an address. */
  static float real(long address) {
    return Float.intBitsToFloat(ALL.get(INT, address));
  }

  /** Writes an f32 to an address. */
  static void put(long address, float value) {
    ALL.set(INT, address, Float.floatToRawIntBits(value));
  }

  /** The f16 at an address. */
  static float half(long address) {
    return Float.float16ToFloat(ALL.get(SHORT, address));
  }
}
