package io.kvasir.engine.tokenizer;

import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
  private int[] items = new int[64];
  private int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = item;
  }

  int size() {
    return size;
  }

  int get(int at) {
    return items[at];
  }

  int[] toArray() {
    return Arrays.copyOf(items, size);
  }
}
