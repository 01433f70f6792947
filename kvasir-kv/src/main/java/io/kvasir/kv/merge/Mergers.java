package io.kvasir.kv.merge;

import java.util.List;

/** Registry and table of contents of the mergers. */
public final class Mergers {
  /** One line per merger, by family. */
  public static final List<Class<? extends Merger>> ALL =
      List.of(
          // dropped pairs are gone
          None.class);

  private Mergers() {}
}
