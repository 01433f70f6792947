package io.kvasir.engine.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Filters that compare items, texts without regard to case unless asked to. */
final class SortFilters {
  private SortFilters() {}

  /** An item with what it is compared by. */
  private record Keyed(Object item, Object key) {}

  static Object sort(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("sort", 0, "reverse", "case_sensitive", "attribute");
    List<Path> paths = new ArrayList<>();
    if (bound.value("attribute") instanceof String names) {
      for (String name : names.split(",", -1)) {
        paths.add(Path.of(name));
      }
    } else {
      paths.add(bound.has("attribute") ? Path.of(bound.value("attribute")) : Path.SELF);
    }
    List<Keyed> keyed = new ArrayList<>();
    for (Object item : Types.items(value, evaluator.budget())) {
      List<Object> keys = new ArrayList<>();
      paths.forEach(path -> keys.add(key(item, path, bound, evaluator)));
      keyed.add(new Keyed(item, keys));
    }
    return sorted(keyed, bound.flag("reverse"), evaluator.budget());
  }

  static Object dictSort(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("dictsort", 0, "case_sensitive", "by", "reverse");
    if (!(value instanceof Dict dict)) {
      throw new TemplateException("dictsort needs a mapping, but is given " + Types.object(value));
    }
    Path by =
        switch (bound.text("by", "key")) {
          case "key" -> Path.of(0L);
          case "value" -> Path.of(1L);
          default -> throw new TemplateException("dictsort: by must be \"key\" or \"value\"");
        };
    evaluator.budget().elements(dict.size());
    return sorted(
        keyed(dict.items(), by, bound, evaluator), bound.flag("reverse"), evaluator.budget());
  }

  static Object unique(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("unique", 0, "case_sensitive", "attribute");
    Set<Object> seen = new HashSet<>();
    List<Object> unique = new ArrayList<>();
    for (Keyed item : keyed(value, bound, evaluator)) {
      if (seen.add(Dict.identity(item.key(), evaluator.budget()))) {
        unique.add(item.item());
      }
    }
    return new Generator(unique);
  }

  static Object min(Object value, Arguments arguments, Evaluator evaluator) {
    return extreme("min", value, arguments, evaluator);
  }

  static Object max(Object value, Arguments arguments, Evaluator evaluator) {
    return extreme("max", value, arguments, evaluator);
  }

  private static Object extreme(
      String function, Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind(function, 0, "case_sensitive", "attribute");
    int sign = function.equals("min") ? 1 : -1;
    List<Keyed> keyed = keyed(value, bound, evaluator);
    if (keyed.isEmpty()) {
      return ListFilters.nothing(function);
    }
    Keyed best = keyed.getFirst();
    for (Keyed item : keyed.subList(1, keyed.size())) {
      if (sign * Compare.compare(item.key(), best.key(), evaluator.budget()) < 0) {
        best = item;
      }
    }
    return best.item();
  }

  /** Tuples {@code (grouper, list)}, sorted by grouper. */
  static Object groupBy(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("groupby", 1, "attribute", "default", "case_sensitive");
    Budget budget = evaluator.budget();
    Path path = Path.of(bound.value("attribute"));
    List<Keyed> keyed = keyed(value, bound, evaluator);
    keyed.sort(Comparator.comparing(Keyed::key, (a, b) -> Compare.compare(a, b, budget)));
    List<Object> groups = new ArrayList<>();
    for (int at = 0; at < keyed.size(); ) {
      Object key = keyed.get(at).key();
      Object grouper = withDefault(path.of(keyed.get(at).item(), budget), bound);
      List<Object> group = new ArrayList<>();
      for (; at < keyed.size() && Compare.equal(keyed.get(at).key(), key, budget); at++) {
        group.add(keyed.get(at).item());
      }
      if (group.isEmpty()) { // NaN, which equals nothing
        group.add(keyed.get(at++).item());
      }
      groups.add(new Tuple(List.of(grouper, group), List.of("grouper", "list")));
    }
    return groups;
  }

  private static List<Keyed> keyed(Object value, Arguments.Bound bound, Evaluator evaluator) {
    Path path = bound.has("attribute") ? Path.of(bound.value("attribute")) : Path.SELF;
    return keyed(Types.items(value, evaluator.budget()), path, bound, evaluator);
  }

  private static List<Keyed> keyed(
      List<Object> items, Path path, Arguments.Bound bound, Evaluator evaluator) {
    List<Keyed> keyed = new ArrayList<>();
    items.forEach(item -> keyed.add(new Keyed(item, key(item, path, bound, evaluator))));
    return keyed;
  }

  private static Object key(Object item, Path path, Arguments.Bound bound, Evaluator evaluator) {
    Object key = withDefault(path.of(item, evaluator.budget()), bound);
    if (key instanceof String text && !bound.flag("case_sensitive")) {
      evaluator.budget().characters(text.length());
      return text.toLowerCase(Locale.ROOT);
    }
    return key;
  }

  private static Object withDefault(Object key, Arguments.Bound bound) {
    return key instanceof Undefined && bound.has("default") ? bound.value("default") : key;
  }

  /** Stable in both directions. */
  private static List<Object> sorted(List<Keyed> keyed, boolean reverse, Budget budget) {
    keyed.sort(
        (a, b) ->
            reverse
                ? Compare.compare(b.key(), a.key(), budget)
                : Compare.compare(a.key(), b.key(), budget));
    List<Object> items = new ArrayList<>();
    keyed.forEach(entry -> items.add(entry.item()));
    return items;
  }
}
