package io.kvasir.kv.merge;

import io.kvasir.kv.KvMethod;

/** What is dropped is gone; the pairs that stay are not touched. */
@KvMethod(
    value = "none",
    summary = "dropped pairs are gone",
    source = "the neutral choice",
    cost = "0 bytes, no work")
record None() implements Merger {
  @Override
  public void merge(Eviction eviction) {
    // nothing is folded anywhere
  }
}
