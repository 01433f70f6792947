package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.LE;
import static io.kvasir.kernel.Lanes.N;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Numbers of a table that codes of 2 to 4 bits choose. {@link CodePlanesRef} defines the layout: a
 * plane is a mask over lanes, and {@code 2^bits - 1} of them choose among the numbers in pairs, on
 * vectors of any width; an instruction that looks up a register's lanes would ask for 16 of them.
 */
public final class CodePlanes {
  private static final IntVector LANE_BITS =
      IntVector.broadcast(I, 1).lanewise(VectorOperators.LSHL, IntVector.zero(I).addIndex(1));

  private CodePlanes() {}

  /**
   * {@code to[i] = table[code i]} for i below n.
   *
   * @param codes native memory; the first code at byte {@code at}
   * @param n a multiple of {@link CodePlanesRef#BLOCK}
   * @param table at least {@code 2^bits} numbers
   * @param to native memory, f32 from byte {@code toAt} on
   */
  public static void lookUp(
      MemorySegment codes, long at, int bits, int n, float[] table, MemorySegment to, long toAt) {
    long from = Native.address(codes, at, CodePlanesRef.bytes(n, bits));
    long out = Native.address(to, toAt, 4L * n);
    switch (bits) {
      case 2 -> four(from, n, table, out);
      case 3 -> eight(from, n, table, out);
      case 4 -> sixteen(from, n, table, out);
      default -> throw new IllegalArgumentException("codes of " + bits + " bits; expected 2 to 4");
    }
  }

  private static void four(long from, int n, float[] table, long to) {
    IntVector t0 = number(table, 0);
    IntVector t1 = number(table, 1);
    IntVector t2 = number(table, 2);
    IntVector t3 = number(table, 3);
    for (int i = 0; i < n; i += N) {
      long block = from + 4L * (i / 16);
      VectorMask<Integer> low = plane(block, i);
      t0.blend(t1, low)
          .blend(t2.blend(t3, low), plane(block + 2, i))
          .intoMemorySegment(Native.ALL, to + 4L * i, LE);
    }
  }

  private static void eight(long from, int n, float[] table, long to) {
    IntVector t0 = number(table, 0);
    IntVector t1 = number(table, 1);
    IntVector t2 = number(table, 2);
    IntVector t3 = number(table, 3);
    IntVector t4 = number(table, 4);
    IntVector t5 = number(table, 5);
    IntVector t6 = number(table, 6);
    IntVector t7 = number(table, 7);
    for (int i = 0; i < n; i += N) {
      long block = from + 6L * (i / 16);
      VectorMask<Integer> low = plane(block, i);
      VectorMask<Integer> middle = plane(block + 2, i);
      IntVector first = t0.blend(t1, low).blend(t2.blend(t3, low), middle);
      IntVector second = t4.blend(t5, low).blend(t6.blend(t7, low), middle);
      first.blend(second, plane(block + 4, i)).intoMemorySegment(Native.ALL, to + 4L * i, LE);
    }
  }

  private static void sixteen(long from, int n, float[] table, long to) {
    for (int i = 0; i < n; i += N) {
      long block = from + 8L * (i / 16);
      VectorMask<Integer> low = plane(block, i);
      VectorMask<Integer> second = plane(block + 2, i);
      VectorMask<Integer> third = plane(block + 4, i);
      IntVector a = quarter(table, 0, low, second);
      IntVector b = quarter(table, 4, low, second);
      IntVector c = quarter(table, 8, low, second);
      IntVector d = quarter(table, 12, low, second);
      a.blend(b, third)
          .blend(c.blend(d, third), plane(block + 6, i))
          .intoMemorySegment(Native.ALL, to + 4L * i, LE);
    }
  }

  private static IntVector quarter(
      float[] table, int at, VectorMask<Integer> low, VectorMask<Integer> second) {
    return number(table, at)
        .blend(number(table, at + 1), low)
        .blend(number(table, at + 2).blend(number(table, at + 3), low), second);
  }

  private static IntVector number(float[] table, int i) {
    return IntVector.broadcast(I, Float.floatToRawIntBits(table[i]));
  }

  /** Lanes i .. i+N of a plane; the bits above them are of no lane. */
  private static VectorMask<Integer> plane(long at, int i) {
    return IntVector.broadcast(I, Native.bits(at) >>> i % 16)
        .and(LANE_BITS)
        .compare(VectorOperators.NE, 0);
  }
}
