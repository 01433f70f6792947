package io.kvasir.engine.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The methods that templates may call on plain values; those that change one are refused. */
final class Methods {
  /** A method of values of type {@code T}. */
  interface Method<T> {
    Object call(T receiver, Arguments arguments, Budget budget);
  }

  private static final Set<String> DICT_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

  private static final Map<String, Method<Dict>> DICT =
      Map.of(
          "keys", plain("keys", dict -> new View(View.Kind.KEYS, dict.keys())),
          "values", plain("values", dict -> new View(View.Kind.VALUES, dict.values())),
          "items", plain("items", dict -> new View(View.Kind.ITEMS, dict.items())),
          "copy", plain("copy", dict -> dict),
          "get", Methods::get);
  private static final Map<String, Method<List<?>>> LIST =
      Map.of(
          "copy", plain("copy", list -> list),
          "count", Methods::count,
          "index", Methods::index);
  private static final Map<String, Method<Tuple>> TUPLE =
      Map.of(
          "count", (tuple, arguments, budget) -> count(tuple.items(), arguments, budget),
          "index", (tuple, arguments, budget) -> index(tuple.items(), arguments, budget));
  private static final Map<String, Method<Double>> FLOAT =
      Map.of("is_integer", plain("is_integer", number -> number == Math.rint(number)));

  private Methods() {}

  /** A method without arguments. */
  static <T> Method<T> plain(String name, Function<T, Object> method) {
    return (receiver, arguments, budget) -> {
      arguments.bind(name, 0);
      return method.apply(receiver);
    };
  }

  /** A method ready to be called, or what refuses to be used if the sandbox does not allow it. */
  static Optional<Object> find(Object receiver, String name) {
    return switch (receiver) {
      case String text -> bound(StringMethods.ALL, text, text.length(), name);
      case Dict dict when DICT_CHANGES.contains(name) -> Optional.of(Undefined.unsafe(dict, name));
      case Dict dict -> bound(DICT, dict, 16L * dict.size(), name);
      case List<?> list when LIST_CHANGES.contains(name) ->
          Optional.of(Undefined.unsafe(list, name));
      case List<?> list -> bound(LIST, list, 0, name);
      case Tuple tuple -> bound(TUPLE, tuple, 0, name);
      case Double number -> bound(FLOAT, number, 0, name);
      default -> Optional.empty();
    };
  }

  private static <T> Optional<Object> bound(
      Map<String, Method<T>> methods, T receiver, long characters, String name) {
    return Optional.ofNullable(methods.get(name))
        .map(
            method ->
                (Callable)
                    (arguments, evaluator) -> {
                      evaluator.budget().characters(characters);
                      return method.call(receiver, arguments, evaluator.budget());
                    });
  }

  private static Object get(Dict dict, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("get", 1, "key", "default");
    return dict.get(bound.value("key"), budget).orElseGet(() -> bound.value("default"));
  }

  private static Object count(List<?> list, Arguments arguments, Budget budget) {
    Object wanted = arguments.bind("count", 1, "value").value("value");
    return list.stream().filter(item -> Compare.equal(item, wanted, budget)).count();
  }

  private static Object index(List<?> list, Arguments arguments, Budget budget) {
    Object wanted = arguments.bind("index", 1, "value").value("value");
    for (int i = 0; i < list.size(); i++) {
      if (Compare.equal(list.get(i), wanted, budget)) {
        return (long) i;
      }
    }
    throw new TemplateException("index: the value is not in the list");
  }
}
