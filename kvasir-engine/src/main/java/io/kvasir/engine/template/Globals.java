package io.kvasir.engine.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions that every template has; a context variable of the same name hides one. */
final class Globals {
  /** As in Jinja's sandbox. */
  private static final int MAX_RANGE = 100_000;

  private static final Map<String, Callable> ALL =
      Map.of(
          "raise_exception", Globals::raise,
          "strftime_now", Globals::now,
          "namespace", Globals::namespace,
          "dict", Globals::dict,
          "range", Globals::range,
          "cycler", Globals::cycler,
          "joiner", Globals::joiner);

  private Globals() {}

  static Optional<Object> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  private static Object raise(Arguments arguments, Evaluator evaluator) {
    Object message = arguments.bind("raise_exception", 1, "message").value("message");
    throw TemplateException.raised(PythonText.str(message, evaluator.budget()));
  }

  private static Object now(Arguments arguments, Evaluator evaluator) {
    String format = arguments.bind("strftime_now", 1, "format").text("format");
    return Strftime.format(format, evaluator.now(), evaluator.budget());
  }

  private static Object namespace(Arguments arguments, Evaluator evaluator) {
    Namespace namespace = new Namespace();
    Dict initial = dict(arguments, evaluator);
    List<Object> values = initial.values();
    List<Object> names = initial.keys();
    for (int i = 0; i < names.size(); i++) {
      namespace.set(PythonText.str(names.get(i), evaluator.budget()), values.get(i));
    }
    return namespace;
  }

  private static Dict dict(Arguments arguments, Evaluator evaluator) {
    if (arguments.positional().size() > 1) {
      throw new TemplateException("dict takes at most one argument without a name");
    }
    Budget budget = evaluator.budget();
    Dict dict = new Dict();
    for (Object given : arguments.positional()) {
      if (given instanceof Dict other) {
        dict.putAll(other, budget);
      } else {
        for (Object pair : Types.items(given, budget)) {
          List<Object> parts = Types.items(pair, budget);
          if (parts.size() != 2) {
            throw new TemplateException("dict needs a mapping or pairs of key and value");
          }
          dict.put(parts.get(0), parts.get(1), budget);
        }
      }
    }
    arguments.named().forEach((name, value) -> dict.put(name, value, budget));
    return dict;
  }

  private static Object range(Arguments arguments, Evaluator evaluator) {
    int given = arguments.positional().size();
    Arguments.Bound bound =
        given == 1
            ? arguments.bind("range", 1, "stop")
            : arguments.bind("range", 2, "start", "stop", "step");
    long start = bound.integer("start", 0);
    long stop = bound.integer("stop", 0);
    long step = bound.integer("step", 1);
    if (step == 0) {
      throw new TemplateException("range cannot have step 0");
    }
    double length = Math.ceil(((double) stop - start) / step);
    if (length > MAX_RANGE) {
      throw new TemplateException(
          "range has more than the limit of %d elements".formatted(MAX_RANGE));
    }
    evaluator.budget().elements((long) Math.max(0, length));
    List<Object> numbers = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      numbers.add(start + i * step);
    }
    return new View(View.Kind.RANGE, numbers);
  }

  /** An object with {@code next()}, {@code reset()} and {@code current}. */
  private static Object cycler(Arguments arguments, Evaluator evaluator) {
    List<Object> items = arguments.positional();
    if (items.isEmpty()) {
      throw new TemplateException("cycler needs at least one item");
    }
    return new Cycler(items);
  }

  private static final class Cycler implements HasAttributes {
    private final List<Object> items;
    private int at;

    Cycler(List<Object> items) {
      this.items = items;
    }

    @Override
    public Optional<Object> attribute(String name) {
      return switch (name) {
        case "current" -> Optional.of(items.get(at));
        case "next" ->
            Optional.of(
                (Callable)
                    (arguments, evaluator) -> {
                      Object current = items.get(at);
                      at = (at + 1) % items.size();
                      return current;
                    });
        case "reset" ->
            Optional.of(
                (Callable)
                    (arguments, evaluator) -> {
                      at = 0;
                      return None.NONE;
                    });
        default -> Optional.empty();
      };
    }
  }

  /** Returns nothing at the first call, the separator from then on. */
  private static Object joiner(Arguments arguments, Evaluator evaluator) {
    String separator = arguments.bind("joiner", 0, "sep").text("sep", ", ");
    Map<String, Object> used = new HashMap<>();
    return (Callable) (none, e) -> used.put("used", true) == null ? "" : separator;
  }
}
