package io.kvasir.engine.template;

import java.util.List;

/** Items that can be iterated again and again but are no list: {@code d.keys()}, a range. */
record View(Kind kind, List<Object> items) {
  enum Kind {
    KEYS("dict_keys"),
    VALUES("dict_values"),
    ITEMS("dict_items"),
    RANGE("range");

    private final String typeName;

    Kind(String typeName) {
      this.typeName = typeName;
    }

    String typeName() {
      return typeName;
    }
  }

  boolean isRange() {
    return kind == Kind.RANGE;
  }
}
