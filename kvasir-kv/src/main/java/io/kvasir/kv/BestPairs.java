package io.kvasir.kv;

import java.util.Arrays;

/**
 * Which slots of one head stay: the protected ones, then the best scores. Ties go to the lower
 * position and NaN comes last, so the answer is the same on every machine.
 */
final class BestPairs {
  private BestPairs() {}

  /**
   * @param scores one per slot, higher is kept
   * @param keep how many stay, at least 1
   * @return ascending slots
   */
  static int[] select(HeadStore pairs, float[] scores, int keep, Protection protection) {
    int count = pairs.count();
    if (keep >= count) {
      return all(count);
    }
    boolean[] kept = new boolean[count];
    int left = keep;
    for (int s = 0; s < count && left > 0 && pairs.position(s) < protection.sinks(); s++) {
      kept[s] = true;
      left--;
    }
    for (int s = count - 1; s >= count - protection.recent() && s >= 0 && left > 0; s--) {
      if (!kept[s]) {
        kept[s] = true;
        left--;
      }
    }
    if (left > 0) {
      for (int s : ranked(scores, kept)) {
        if (left-- == 0) {
          break;
        }
        kept[s] = true;
      }
    }
    int[] slots = new int[keep];
    int next = 0;
    for (int s = 0; s < count; s++) {
      if (kept[s]) {
        slots[next++] = s;
      }
    }
    return slots;
  }

  static int[] all(int count) {
    int[] slots = new int[count];
    Arrays.setAll(slots, s -> s);
    return slots;
  }

  /** Slots that are not kept yet, best first. */
  private static int[] ranked(float[] scores, boolean[] kept) {
    long[] keys = new long[scores.length];
    int open = 0;
    for (int s = 0; s < scores.length; s++) {
      if (!kept[s]) {
        keys[open++] = (long) ~ascending(scores[s]) << 32 | s;
      }
    }
    Arrays.sort(keys, 0, open);
    int[] slots = new int[open];
    for (int i = 0; i < open; i++) {
      slots[i] = (int) keys[i];
    }
    return slots;
  }

  /** An int that orders as the floats do, with NaN lowest and the two zeros equal. */
  private static int ascending(float score) {
    if (Float.isNaN(score)) {
      return Integer.MIN_VALUE;
    }
    int bits = Float.floatToRawIntBits(score + 0f); // -0 becomes 0
    return bits < 0 ? ~bits ^ Integer.MIN_VALUE : bits;
  }
}
