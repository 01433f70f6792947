package io.kvasir.engine.tokenizer;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Hash functions for tables filled from files. They are keyed by a number drawn at start-up, so
 * that no file can be written whose entries all collide. No result depends on that number.
 */
final class Hashing {
  private static final long KEY = ThreadLocalRandom.current().nextLong();

  private Hashing() {}

  /** A power of two that leaves half of the slots free. */
  static int capacity(int entries) {
    return Math.max(16, Integer.highestOneBit(Math.max(1, entries)) * 4);
  }

  /** Every bit of the result depends on every bit of the input (finaliser of MurmurHash3). */
  static long mix(long x) {
    long h = x ^ KEY;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }

  /** Hash of {@code bytes[from .. to)}. */
  static long hash(byte[] bytes, int from, int to) {
    long h = KEY ^ (to - from);
    for (int i = from; i < to; i++) {
      h = (h ^ (bytes[i] & 0xff)) * 0x9e3779b97f4a7c15L;
      h ^= h >>> 29;
    }
    return mix(h);
  }
}
