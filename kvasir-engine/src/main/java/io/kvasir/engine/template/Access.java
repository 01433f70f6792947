package io.kvasir.engine.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attributes, items and slices. {@code a.b} looks for a method or attribute first, {@code a['b']}
 * for an element; each tries the other next, and what is nowhere is undefined.
 */
final class Access {
  private Access() {}

  static Object attribute(Object of, String name, Budget budget) {
    if (of instanceof Undefined undefined) {
      throw undefined.failure();
    }
    Optional<Object> own = ownAttribute(of, name);
    if (own.isPresent()) {
      return own.get();
    }
    if (of instanceof Dict dict) {
      Optional<Object> element = dict.get(name, budget);
      if (element.isPresent()) {
        return element.get();
      }
    }
    return Undefined.attribute(of, name);
  }

  static Object item(Object of, Object key, Budget budget) {
    if (of instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (key instanceof Slice slice) {
      return slice.of(of, budget);
    }
    Optional<Object> element = element(of, key, budget);
    if (element.isEmpty() && key instanceof String name) {
      return ownAttribute(of, name).orElseGet(() -> Undefined.attribute(of, name));
    }
    return element.orElseGet(() -> Undefined.element(of, key));
  }

  /** A part of a path like {@code 'a.0.b'}: digits are an index. */
  static Object pathPart(String part) {
    boolean digits = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? Integers.parse(part, 10) : part;
  }

  private static Optional<Object> ownAttribute(Object of, String name) {
    if (name.startsWith("__") && name.endsWith("__")) {
      return Optional.of(Undefined.unsafe(of, name));
    }
    if (of instanceof HasAttributes object) {
      return object.attribute(name);
    }
    if (of instanceof Tuple tuple && tuple.names().contains(name)) {
      return Optional.of(tuple.items().get(tuple.names().indexOf(name)));
    }
    return Methods.find(of, name);
  }

  private static Optional<Object> element(Object of, Object key, Budget budget) {
    if (of instanceof Dict dict) {
      boolean unhashable = key instanceof List<?> || key instanceof Dict;
      return unhashable ? Optional.empty() : dict.get(key, budget);
    }
    if (!(key instanceof Long || key instanceof Boolean)) {
      return Optional.empty();
    }
    long index = Integers.big(key).longValue();
    if (of instanceof String text) {
      return character(text, index, budget);
    }
    return indexed(of)
        .filter(items -> index >= -items.size() && index < items.size())
        .map(items -> items.get((int) (index < 0 ? index + items.size() : index)));
  }

  private static Optional<Object> character(String text, long index, Budget budget) {
    budget.characters(text.length());
    int length = Chars.length(text);
    if (index < -length || index >= length) {
      return Optional.empty();
    }
    int at = Chars.offset(text, (int) (index < 0 ? index + length : index));
    return Optional.of(Character.toString(text.codePointAt(at)));
  }

  /** The items of what has indices, texts apart. */
  @SuppressWarnings("unchecked") // every list in a template holds Objects
  private static Optional<List<Object>> indexed(Object of) {
    return switch (of) {
      case List<?> list -> Optional.of((List<Object>) list);
      case Tuple tuple -> Optional.of(tuple.items());
      case View view when view.isRange() -> Optional.of(view.items());
      default -> Optional.empty();
    };
  }

  /** Python's slice object; bounds are integers or none. */
  record Slice(Object start, Object stop, Object step) {
    Object of(Object of, Budget budget) {
      for (Object bound : List.of(start, stop, step)) {
        if (bound != None.NONE && !Integers.isInteger(bound)) {
          throw new TemplateException(
              "a slice is bounded by integers or none, not by " + Types.object(bound));
        }
      }
      if (of instanceof String text) {
        budget.characters(text.length());
        return ofText(text, budget);
      }
      List<Object> items =
          indexed(of)
              .orElseThrow(
                  () -> new TemplateException("%s cannot be sliced".formatted(Types.object(of))));
      List<Object> part = new ArrayList<>();
      for (int index : indices(items.size(), budget)) {
        part.add(items.get(index));
      }
      return switch (of) {
        case Tuple tuple -> new Tuple(part);
        case View view -> new View(view.kind(), part);
        default -> part;
      };
    }

    private String ofText(String text, Budget budget) {
      if (bound(step, 1) == 1) {
        int length = Chars.length(text);
        long from = clamped(bound(start, 0), length, 0, length);
        long to = clamped(bound(stop, length), length, 0, length);
        return from >= to
            ? ""
            : text.substring(Chars.offset(text, (int) from), Chars.offset(text, (int) to));
      }
      int[] codePoints = text.codePoints().toArray();
      StringBuilder out = new StringBuilder();
      for (int index : indices(codePoints.length, budget)) {
        out.appendCodePoint(codePoints[index]);
      }
      return out.toString();
    }

    private int[] indices(int length, Budget budget) {
      long by = bound(step, 1);
      if (by == 0) {
        throw new TemplateException("a slice cannot have step 0");
      }
      long low = by > 0 ? 0 : -1;
      long high = by > 0 ? length : length - 1L;
      long from =
          start == None.NONE ? (by > 0 ? low : high) : clamped(bound(start, 0), length, low, high);
      long to =
          stop == None.NONE ? (by > 0 ? high : low) : clamped(bound(stop, 0), length, low, high);
      long span = by > 0 ? to - from : from - to;
      int count = span <= 0 ? 0 : (int) ((span - 1) / Math.abs(by) + 1);
      budget.list(count);
      int[] indices = new int[count];
      for (int i = 0; i < count; i++) {
        indices[i] = (int) (from + i * by);
      }
      return indices;
    }

    /** Far bounds are all the same: they are clamped to what fits a long with room to spare. */
    private static long bound(Object bound, long otherwise) {
      if (bound == None.NONE) {
        return otherwise;
      }
      BigInteger limit = BigInteger.ONE.shiftLeft(40);
      return Integers.big(bound).min(limit).max(limit.negate()).longValue();
    }

    private static long clamped(long bound, int length, long low, long high) {
      return Math.clamp(bound < 0 ? bound + length : bound, low, high);
    }
  }
}
