package io.kvasir.engine.template;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The filters by name. */
final class Filters {
  /** What {@code value | name(arguments)} does. */
  interface Filter {
    Object apply(Object value, Arguments arguments, Evaluator evaluator);
  }

  private static final Map<String, Filter> ALL =
      Map.ofEntries(
          // of anything
          entry("default", Filters::defaultValue),
          entry("d", Filters::defaultValue),
          entry("string", TextFilters::string),
          entry("tojson", Json::filter),
          entry("length", Filters::length),
          entry("count", Filters::length),
          entry("attr", Filters::attr),
          // of texts
          entry("trim", TextFilters::trim),
          entry("upper", TextFilters::upper),
          entry("lower", TextFilters::lower),
          entry("title", TextFilters::title),
          entry("capitalize", TextFilters::capitalize),
          entry("replace", TextFilters::replace),
          entry("indent", TextFilters::indent),
          entry("center", TextFilters::center),
          entry("truncate", TextFilters::truncate),
          entry("wordcount", TextFilters::wordCount),
          entry("format", TextFilters::format),
          entry("safe", TextFilters::string),
          entry("escape", TextFilters::escape),
          entry("e", TextFilters::escape),
          entry("forceescape", TextFilters::escape),
          // of numbers
          entry("int", NumberFilters::integer),
          entry("float", NumberFilters::real),
          entry("abs", NumberFilters::abs),
          entry("round", NumberFilters::round),
          // of lists and mappings
          entry("list", ListFilters::list),
          entry("join", ListFilters::join),
          entry("first", ListFilters::first),
          entry("last", ListFilters::last),
          entry("reverse", ListFilters::reverse),
          entry("items", ListFilters::items),
          entry("batch", ListFilters::batch),
          entry("slice", ListFilters::slice),
          entry("sum", ListFilters::sum),
          entry("sort", SortFilters::sort),
          entry("dictsort", SortFilters::dictSort),
          entry("unique", SortFilters::unique),
          entry("min", SortFilters::min),
          entry("max", SortFilters::max),
          entry("groupby", SortFilters::groupBy),
          entry("map", SelectFilters::map),
          entry("select", (v, args, e) -> SelectFilters.select("select", v, args, e)),
          entry("reject", (v, args, e) -> SelectFilters.select("reject", v, args, e)),
          entry("selectattr", (v, args, e) -> SelectFilters.select("selectattr", v, args, e)),
          entry("rejectattr", (v, args, e) -> SelectFilters.select("rejectattr", v, args, e)));

  private Filters() {}

  static Optional<Filter> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  private static Object defaultValue(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("default", 0, "default_value", "boolean");
    boolean missing = value instanceof Undefined || (bound.flag("boolean") && !Types.truth(value));
    return missing ? bound.value("default_value", "") : value;
  }

  private static Object length(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("length", 0);
    return Types.length(value, evaluator.budget());
  }

  /** Attributes only, never elements. */
  private static Object attr(Object value, Arguments arguments, Evaluator evaluator) {
    String name = arguments.bind("attr", 1, "name").text("name");
    return value instanceof Dict
        ? Methods.find(value, name).orElseGet(() -> Undefined.attribute(value, name))
        : Access.attribute(value, name, evaluator.budget());
  }

  /** The items of a filter's operand, by the path in {@code attribute} if there is one. */
  static List<Object> attributes(Object value, Arguments.Bound bound, Evaluator evaluator) {
    List<Object> items = Types.items(value, evaluator.budget());
    if (!bound.has("attribute")) {
      return items;
    }
    Path path = Path.of(bound.value("attribute"));
    return items.stream().map(item -> path.of(item, evaluator.budget())).toList();
  }
}
