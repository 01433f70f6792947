package io.kvasir.kv.read;

import io.kvasir.kv.KvMethod;
import java.util.Arrays;

/** Every step attends to every stored pair. */
@KvMethod(
    value = "all",
    summary = "every step reads every stored pair",
    about =
        "Attention reads all that is stored; what a plan saves in time it saves by storing "
            + "less.",
    source = "the neutral choice",
    cost = "0 bytes; a step reads the whole cache")
record All() implements Reader {
  @Override
  public boolean readsAll() {
    return true;
  }

  @Override
  public void select(ReadStep step, boolean[] read) {
    Arrays.fill(read, true);
  }
}
