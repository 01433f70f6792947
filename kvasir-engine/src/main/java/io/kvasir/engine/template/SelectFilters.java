package io.kvasir.engine.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Filters that apply a filter or test to every item. */
final class SelectFilters {
  private SelectFilters() {}

  static Object map(Object value, Arguments arguments, Evaluator evaluator) {
    List<Object> mapped = new ArrayList<>();
    if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
      Arguments.Bound bound = arguments.bind("map", 0, "attribute", "default");
      for (Object item : Filters.attributes(items(value, evaluator), bound, evaluator)) {
        boolean missing = item instanceof Undefined && bound.has("default");
        mapped.add(missing ? bound.value("default") : item);
      }
      return new Generator(mapped);
    }
    if (arguments.positional().isEmpty()
        || !(arguments.positional().getFirst() instanceof String filter)) {
      throw new TemplateException("map needs attribute=... or the name of a filter");
    }
    Arguments rest = from(1, arguments);
    for (Object item : items(value, evaluator)) {
      mapped.add(evaluator.filter(filter, item, rest));
    }
    return new Generator(mapped);
  }

  /**
   * {@code select(test, ...)} and {@code selectattr(path, test, ...)}, and the opposite of each;
   * without a test, truth decides.
   */
  static Object select(String name, Object value, Arguments arguments, Evaluator evaluator) {
    boolean byAttribute = name.endsWith("attr");
    boolean wanted = name.startsWith("select");
    int skipped = byAttribute ? 1 : 0;
    if (arguments.positional().size() < skipped) {
      throw new TemplateException("%s needs the name of an attribute".formatted(name));
    }
    Path path = byAttribute ? Path.of(arguments.positional().getFirst()) : Path.SELF;
    boolean hasTest = arguments.positional().size() > skipped;
    Object test = hasTest ? arguments.positional().get(skipped) : "";
    if (!(test instanceof String testName)) {
      throw new TemplateException("%s needs the name of a test".formatted(name));
    }
    Arguments rest = hasTest ? from(skipped + 1, arguments) : Arguments.NONE;
    List<Object> selected = new ArrayList<>();
    for (Object item : items(value, evaluator)) {
      Object tested = path.of(item, evaluator.budget());
      boolean passes = hasTest ? evaluator.test(testName, tested, rest) : Types.truth(tested);
      if (passes == wanted) {
        selected.add(item);
      }
    }
    return new Generator(selected);
  }

  /** Anything that is false has no items: these filters alone take none, 0 and so on. */
  private static List<Object> items(Object value, Evaluator evaluator) {
    return Types.truth(value) ? Types.items(value, evaluator.budget()) : List.of();
  }

  private static Arguments from(int first, Arguments arguments) {
    List<Object> positional = arguments.positional();
    Map<String, Object> named = new HashMap<>(arguments.named());
    return new Arguments(positional.subList(first, positional.size()), named);
  }
}
