package io.kvasir.kv.codec;

import java.util.Arrays;

/** Where the extreme numbers of a line stand. */
final class Extremes {
  private Extremes() {}

  /**
   * The {@code count} smallest of {@code n} numbers, then as many of the largest, each by ascending
   * place; of equal numbers those that stand further out.
   */
  static int[] places(float[] line, int n, int count) {
    long[] order = order(line, n);
    int[] places = new int[2 * count];
    for (int i = 0; i < count; i++) {
      places[i] = (int) order[i];
      places[count + i] = (int) order[n - 1 - i];
    }
    Arrays.sort(places, 0, count);
    Arrays.sort(places, count, 2 * count);
    return places;
  }

  /** Numbers by size, then by place: a number in the upper half, its place in the lower. */
  private static long[] order(float[] line, int n) {
    long[] order = new long[n];
    for (int i = 0; i < n; i++) {
      int bits = Float.floatToRawIntBits(line[i]);
      int ascending = bits < 0 ? ~bits ^ Integer.MIN_VALUE : bits;
      order[i] = (long) ascending << 32 | i;
    }
    Arrays.sort(order);
    return order;
  }
}
