package io.kvasir.kv.reuse;

import java.util.List;

/** Registry and table of contents of the ways to reuse pairs. */
public final class Reuses {
  /** One line per way, by family. */
  public static final List<Class<? extends Reuse>> ALL =
      List.of(
          // every request computes its own
          Fresh.class);

  private Reuses() {}
}
