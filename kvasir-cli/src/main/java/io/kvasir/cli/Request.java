package io.kvasir.cli;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One line of batch input: typed access to its fields, wrong ones refused by name. */
record Request(Map<String, Object> fields) {

  boolean has(String key) {
    return fields.get(key) != null;
  }

  /** Refuses fields that the command does not know: a misspelt one must not be ignored. */
  Request allow(String... known) {
    Set<String> allowed = Set.of(known);
    for (String key : fields.keySet()) {
      if (!allowed.contains(key)) {
        throw new UsageException(
            "unknown field \"" + key + "\"; known: " + String.join(", ", known));
      }
    }
    return this;
  }

  String string(String key) {
    if (fields.get(key) instanceof String text) {
      return text;
    }
    throw wrong(key, "a string");
  }

  String string(String key, String otherwise) {
    return has(key) ? string(key) : otherwise;
  }

  boolean bool(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (fields.get(key) instanceof Boolean value) {
      return value;
    }
    throw wrong(key, "true or false");
  }

  int integer(String key, int min, int max) {
    if (fields.get(key) instanceof Long value && value >= min && value <= max) {
      return value.intValue();
    }
    throw wrong(key, "an integer from " + min + " to " + max);
  }

  int integer(String key, int min, int max, int otherwise) {
    return has(key) ? integer(key, min, max) : otherwise;
  }

  long seed(String key, long otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (fields.get(key) instanceof Long value) {
      return value;
    }
    throw wrong(key, "a 64-bit integer");
  }

  double real(String key, double otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (fields.get(key) instanceof Number value && !(value instanceof BigInteger)) {
      return value.doubleValue();
    }
    throw wrong(key, "a number");
  }

  /** A list of integers, each in [0, limit). */
  int[] ids(String key, int limit) {
    List<?> list = list(key);
    int[] ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      if (list.get(i) instanceof Long value && value >= 0 && value < limit) {
        ids[i] = value.intValue();
      } else {
        throw new UsageException(
            "\"%s\"[%d] is %s; expected a token id from 0 to %d"
                .formatted(key, i, Json.shorten(list.get(i)), limit - 1));
      }
    }
    return ids;
  }

  List<?> list(String key) {
    if (fields.get(key) instanceof List<?> list) {
      return list;
    }
    throw wrong(key, "a list");
  }

  List<String> strings(String key) {
    return list(key).stream()
        .map(
            value -> {
              if (value instanceof String text) {
                return text;
              }
              throw wrong(key, "a list of strings");
            })
        .toList();
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> object(String key) {
    if (fields.get(key) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw wrong(key, "an object");
  }

  private UsageException wrong(String key, String expected) {
    Object value = fields.get(key);
    return new UsageException(
        value == null
            ? "field \"%s\" is missing; expected %s".formatted(key, expected)
            : "field \"%s\" is %s; expected %s".formatted(key, Json.shorten(value), expected));
  }
}
