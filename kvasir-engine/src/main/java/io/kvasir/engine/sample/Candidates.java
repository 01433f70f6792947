package io.kvasir.engine.sample;

/**
 * The tokens of a vocabulary, the most probable first, sorted only as far as somebody looks: a heap
 * is built in O(V), each look costs O(log V). Equal logits come in the order of their ids.
 */
final class Candidates {
  private final long[] heap; // order of the logit << 32 | ~id; the largest at 0
  private int left;

  Candidates(float[] logits) {
    heap = new long[logits.length];
    left = logits.length;
    for (int id = 0; id < logits.length; id++) {
      heap[id] = (long) order(logits[id]) << 32 | (~id & 0xffff_ffffL);
    }
    for (int i = left / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  /** Takes the most probable of those left; there must be one. */
  int next() {
    int id = ~(int) heap[0];
    heap[0] = heap[--left];
    sink(0);
    return id;
  }

  boolean isEmpty() {
    return left == 0;
  }

  /** Integers that compare as floats do. */
  private static int order(float x) {
    int bits = Float.floatToIntBits(x + 0f); // + 0: one zero only
    return bits < 0 ? bits ^ 0x7fff_ffff : bits;
  }

  private void sink(int at) {
    long moving = heap[at];
    for (int child = 2 * at + 1; child < left; child = 2 * at + 1) {
      if (child + 1 < left && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= moving) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moving;
  }
}
