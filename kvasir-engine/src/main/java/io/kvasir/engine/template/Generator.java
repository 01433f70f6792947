package io.kvasir.engine.template;

import java.util.Iterator;
import java.util.List;

/**
 * What filters like {@code select} and {@code map} return: can be iterated once, is always true and
 * has no length. The items are computed at once, unlike Python's, so that generators over
 * generators cannot pile up.
 */
final class Generator {
  private final Iterator<Object> items;

  Generator(List<Object> items) {
    this.items = items.iterator();
  }

  Iterator<Object> items() {
    return items;
  }
}
