package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Scalar twin that defines {@link CodeRuns}. */
public final class CodeRunsRef {
  private CodeRunsRef() {}

  /** Bytes of {@code n} codes, a multiple of 8. */
  public static long bytes(int n, int bits) {
    return (long) n / 8 * bits;
  }

  /** Code {@code i} of a run that begins at byte {@code at}. */
  public static int code(MemorySegment from, long at, int bits, int i) {
    int bit = i * bits;
    int word = from.get(ValueLayout.JAVA_BYTE, at + bit / 8) & 0xff;
    if (bit % 8 + bits > 8) {
      word |= (from.get(ValueLayout.JAVA_BYTE, at + bit / 8 + 1) & 0xff) << 8;
    }
    return word >>> bit % 8 & (1 << bits) - 1;
  }

  /** Writes code {@code i} of a run, whatever stood in its place; the other codes stay. */
  public static void put(MemorySegment to, long at, int bits, int i, int code) {
    int bit = i * bits;
    int mask = (1 << bits) - 1 << bit % 8;
    put(to, at + bit / 8, mask, code << bit % 8);
    if (mask > 0xff) {
      put(to, at + bit / 8 + 1, mask >>> 8, code << bit % 8 >>> 8);
    }
  }

  private static void put(MemorySegment to, long at, int mask, int bits) {
    int others = to.get(ValueLayout.JAVA_BYTE, at) & ~mask;
    to.set(ValueLayout.JAVA_BYTE, at, (byte) (others | bits & mask));
  }

  /** A number of {@link CodeRuns#columns}. */
  public static float scaled(int code, float scale, float offset) {
    return Math.fma(code, scale, offset);
  }

  /** A number of {@link CodeRuns#levels}. */
  public static float level(int code, float[] levels, float mid, float half) {
    return Math.fma(levels[code], half, mid);
  }
}
