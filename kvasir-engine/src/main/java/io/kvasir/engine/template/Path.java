package io.kvasir.engine.template;

import java.util.ArrayList;
import java.util.List;

/** The argument {@code attribute} of filters: names and indices with dots between, or an index. */
record Path(List<Object> parts) {
  static final Path SELF = new Path(List.of());

  static Path of(Object attribute) {
    if (!(attribute instanceof String names)) {
      return new Path(List.of(attribute));
    }
    List<Object> parts = new ArrayList<>();
    for (String part : names.split("\\.", -1)) {
      parts.add(Access.pathPart(part));
    }
    return new Path(parts);
  }

  Object of(Object item, Budget budget) {
    Object found = item;
    for (Object part : parts) {
      budget.step();
      found = Access.item(found, part, budget);
    }
    return found;
  }
}
