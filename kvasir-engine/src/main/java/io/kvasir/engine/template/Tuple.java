package io.kvasir.engine.template;

import java.util.List;

/**
 * Python's tuple.
 *
 * @param names attribute names of the first items, for the groups of {@code groupby}; else empty
 */
record Tuple(List<Object> items, List<String> names) {
  Tuple(List<Object> items) {
    this(items, List.of());
  }

  static Tuple of(Object first, Object second) {
    return new Tuple(List.of(first, second));
  }
}
