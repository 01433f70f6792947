package io.kvasir.kv.read;

import java.util.List;

/** Registry and table of contents of the readers. */
public final class Readers {
  /** One line per reader, by family. */
  public static final List<Class<? extends Reader>> ALL =
      List.of(
          // every pair at every step
          All.class);

  private Readers() {}
}
