package io.kvasir.engine.chat;

import java.util.Arrays;
import java.util.List;

/** Beginnings of token lists. */
final class Prefix {
  private Prefix() {}

  /** Whether {@code ids} are {@code known} and at least one more. */
  static boolean extendsBy(int[] known, int[] ids) {
    return known.length < ids.length && Arrays.mismatch(known, ids) == known.length;
  }

  /** What all lists begin with; no list may be a beginning of another. */
  static int[] common(List<int[]> lists) {
    int[] common = lists.getFirst();
    for (int[] list : lists.subList(1, lists.size())) {
      int end = Arrays.mismatch(common, list);
      common = end < 0 ? common : Arrays.copyOf(common, end);
    }
    return common;
  }
}
