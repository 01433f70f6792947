package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.LE;
import static io.kvasir.kernel.Lanes.N;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The Walsh-Hadamard transform of columns that lie side by side, in place: three of its stages at a
 * time, so that a number is loaded and stored a third as often. The sums and differences are those
 * of one stage after the other, bit for bit. Defined by {@link HadamardColumnsRef}.
 */
public final class HadamardColumns {
  private HadamardColumns() {}

  /**
   * {@code y = H x} for each column, H[i][j] = -1 to the number of ones that i and j share in
   * binary; not scaled.
   *
   * @param x f32[n][columns], little-endian, native
   * @param n a power of two
   * @param columns a multiple of 16
   */
  public static void turn(MemorySegment x, int n, int columns) {
    long first = Native.address(x, 0, 4L * n * columns);
    int reach = 1;
    for (; 8 * reach <= n; reach *= 8) {
      for (int row = 0; row < n; row += 8 * reach) {
        eight(first + 4L * row * columns, 4L * reach * columns, reach * columns);
      }
    }
    for (; reach < n; reach *= 2) {
      for (int row = 0; row < n; row += 2 * reach) {
        two(first + 4L * row * columns, 4L * reach * columns, reach * columns);
      }
    }
  }

  /** A stage for two runs of {@code numbers} numbers, {@code apart} bytes apart. */
  private static void two(long at, long apart, int numbers) {
    for (int i = 0; i < numbers; i += N) {
      long low = at + 4L * i;
      FloatVector a = FloatVector.fromMemorySegment(F, Native.ALL, low, LE);
      FloatVector b = FloatVector.fromMemorySegment(F, Native.ALL, low + apart, LE);
      a.add(b).intoMemorySegment(Native.ALL, low, LE);
      a.sub(b).intoMemorySegment(Native.ALL, low + apart, LE);
    }
  }

  /** Three stages for eight such runs. */
  private static void eight(long at, long apart, int numbers) {
    for (int i = 0; i < numbers; i += N) {
      long low = at + 4L * i;
      long high = low + 4 * apart;
      FloatVector a = FloatVector.fromMemorySegment(F, Native.ALL, low, LE);
      FloatVector b = FloatVector.fromMemorySegment(F, Native.ALL, low + apart, LE);
      FloatVector c = FloatVector.fromMemorySegment(F, Native.ALL, low + 2 * apart, LE);
      FloatVector d = FloatVector.fromMemorySegment(F, Native.ALL, low + 3 * apart, LE);
      FloatVector e = FloatVector.fromMemorySegment(F, Native.ALL, high, LE);
      FloatVector f = FloatVector.fromMemorySegment(F, Native.ALL, high + apart, LE);
      FloatVector g = FloatVector.fromMemorySegment(F, Native.ALL, high + 2 * apart, LE);
      FloatVector h = FloatVector.fromMemorySegment(F, Native.ALL, high + 3 * apart, LE);
      FloatVector a1 = a.add(b);
      FloatVector b1 = a.sub(b);
      FloatVector c1 = c.add(d);
      FloatVector d1 = c.sub(d);
      FloatVector e1 = e.add(f);
      FloatVector f1 = e.sub(f);
      FloatVector g1 = g.add(h);
      FloatVector h1 = g.sub(h);
      FloatVector a2 = a1.add(c1);
      FloatVector b2 = b1.add(d1);
      FloatVector c2 = a1.sub(c1);
      FloatVector d2 = b1.sub(d1);
      FloatVector e2 = e1.add(g1);
      FloatVector f2 = f1.add(h1);
      FloatVector g2 = e1.sub(g1);
      FloatVector h2 = f1.sub(h1);
      a2.add(e2).intoMemorySegment(Native.ALL, low, LE);
      b2.add(f2).intoMemorySegment(Native.ALL, low + apart, LE);
      c2.add(g2).intoMemorySegment(Native.ALL, low + 2 * apart, LE);
      d2.add(h2).intoMemorySegment(Native.ALL, low + 3 * apart, LE);
      a2.sub(e2).intoMemorySegment(Native.ALL, high, LE);
      b2.sub(f2).intoMemorySegment(Native.ALL, high + apart, LE);
      c2.sub(g2).intoMemorySegment(Native.ALL, high + 2 * apart, LE);
      d2.sub(h2).intoMemorySegment(Native.ALL, high + 3 * apart, LE);
    }
  }
}
