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
    int[] places = new int[2 * count];
    if (count == 0) {
      return places;
    }
    long[] smallest = new long[count];
    long[] largest = new long[count]; // as smallest of the complements
    Arrays.fill(smallest, Long.MAX_VALUE);
    Arrays.fill(largest, Long.MAX_VALUE);
    for (int i = 0; i < n; i++) {
      long key = key(line[i], i);
      if (key < smallest[count - 1]) {
        insert(smallest, key);
      }
      if (~key < largest[count - 1]) {
        insert(largest, ~key);
      }
    }
    for (int i = 0; i < count; i++) {
      places[i] = (int) smallest[i];
      places[count + i] = ~(int) largest[i];
    }
    Arrays.sort(places, 0, count);
    Arrays.sort(places, count, 2 * count);
    return places;
  }

  /** Ascends with the number, then with its place, which is the lower half. */
  private static long key(float number, int place) {
    int bits = Float.floatToRawIntBits(number);
    int ascending = bits < 0 ? ~bits ^ Integer.MIN_VALUE : bits;
    return (long) ascending << 32 | place;
  }

  /** Takes the place of the last of some numbers in ascending order. */
  private static void insert(long[] keys, long key) {
    int at = keys.length - 1;
    for (; at > 0 && key < keys[at - 1]; at--) {
      keys[at] = keys[at - 1];
    }
    keys[at] = key;
  }
}
