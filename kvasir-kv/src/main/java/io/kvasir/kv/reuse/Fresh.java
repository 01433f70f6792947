package io.kvasir.kv.reuse;

import io.kvasir.kv.KvMethod;

/** Every request computes its own pairs. */
@KvMethod(
    value = "fresh",
    summary = "every request computes its own pairs",
    about = "Nothing is taken over from other requests.",
    source = "the neutral choice",
    cost = "0 bytes; the whole prompt is computed")
record Fresh() implements Reuse {
  @Override
  public boolean shares() {
    return false;
  }
}
