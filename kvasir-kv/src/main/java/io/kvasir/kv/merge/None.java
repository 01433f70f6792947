package io.kvasir.kv.merge;

import io.kvasir.kv.KvMethod;

/** What is dropped is gone; the pairs that stay are not touched. */
@KvMethod(
    value = "none",
    summary = "dropped pairs are gone",
    about = "Nothing of a dropped pair is folded into those that stay.",
    source = "the neutral choice",
    cost = "0 bytes, no work")
record None() implements Merger {
  @Override
  public void merge(Eviction eviction) {
    // nothing is folded anywhere
  }
}
