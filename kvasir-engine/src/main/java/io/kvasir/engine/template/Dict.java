package io.kvasir.engine.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Python's dict: keeps the order of insertion, and 1, 1.0 and true are the same key. Filled while
 * it is made, never changed afterwards.
 */
final class Dict {
  private record Entry(Object key, Object value) {}

  private final Map<Object, Entry> entries = new LinkedHashMap<>();

  /** The first spelling of a key stays, the last value wins. */
  void put(Object key, Object value, Budget budget) {
    budget.elements(4); // an entry takes the memory of some list elements
    entries.merge(
        identity(key, budget),
        new Entry(key, value),
        (before, now) -> new Entry(before.key(), now.value()));
  }

  /** Fails if the key is of a kind that cannot be one. */
  Optional<Object> get(Object key, Budget budget) {
    return Optional.ofNullable(entries.get(identity(key, budget))).map(Entry::value);
  }

  int size() {
    return entries.size();
  }

  List<Object> keys() {
    List<Object> keys = new ArrayList<>(size());
    entries.values().forEach(entry -> keys.add(entry.key()));
    return keys;
  }

  List<Object> values() {
    List<Object> values = new ArrayList<>(size());
    entries.values().forEach(entry -> values.add(entry.value()));
    return values;
  }

  /** Pairs of key and value, as tuples. */
  List<Object> items() {
    List<Object> items = new ArrayList<>(size());
    entries.values().forEach(entry -> items.add(Tuple.of(entry.key(), entry.value())));
    return items;
  }

  void putAll(Dict other, Budget budget) {
    other.entries.values().forEach(entry -> put(entry.key(), entry.value(), budget));
  }

  /** Something that equals for equal keys, by Java's rules, and only for them. */
  static Object identity(Object key, Budget budget) {
    return switch (key) {
      case Boolean truth -> truth ? 1L : 0L;
      case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p63 ->
          (long) (double) number;
      case Double number when number == Math.rint(number) && !Double.isInfinite(number) ->
          new BigDecimal(number).toBigInteger();
      case Tuple tuple -> {
        budget.enter();
        budget.elements(16L + tuple.items().size()); // copies the whole tree
        List<Object> parts = new ArrayList<>();
        tuple.items().forEach(item -> parts.add(identity(item, budget)));
        budget.leave();
        yield new Tuple(parts);
      }
      case List<?> list -> throw unhashable(list);
      case Dict dict -> throw unhashable(dict);
      case Undefined undefined -> Undefined.class;
      case String text -> text;
      case BigInteger number -> number;
      default -> key;
    };
  }

  private static TemplateException unhashable(Object key) {
    return new TemplateException("%s cannot be a key of a mapping".formatted(Types.object(key)));
  }
}
