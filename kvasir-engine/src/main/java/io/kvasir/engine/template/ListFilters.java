package io.kvasir.engine.template;

import io.kvasir.engine.template.Expr.Operator;
import java.util.ArrayList;
import java.util.List;

/** Filters of anything that can be iterated. */
final class ListFilters {
  private ListFilters() {}

  static Object list(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("list", 0);
    return Types.items(value, evaluator.budget());
  }

  static Object join(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("join", 0, "d", "attribute");
    String separator = PythonText.str(bound.value("d", ""), evaluator.budget());
    TextBuilder out = new TextBuilder(evaluator.budget());
    String before = "";
    for (Object item : Filters.attributes(value, bound, evaluator)) {
      out.append(before);
      PythonText.str(item, out);
      before = separator;
    }
    return out.finish();
  }

  static Object first(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("first", 0);
    if (value instanceof Generator generator) {
      return generator.items().hasNext() ? generator.items().next() : nothing("first");
    }
    if (value instanceof String text && !text.isEmpty()) {
      return Character.toString(text.codePointAt(0));
    }
    List<Object> items = Types.items(value, evaluator.budget());
    return items.isEmpty() ? nothing("first") : items.getFirst();
  }

  static Object last(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("last", 0);
    if (value instanceof Generator) {
      throw new TemplateException("last needs a list, but is given a generator: use | list first");
    }
    if (value instanceof String text && !text.isEmpty()) {
      return Character.toString(text.codePointBefore(text.length()));
    }
    List<Object> items = Types.items(value, evaluator.budget());
    return items.isEmpty() ? nothing("last") : items.getLast();
  }

  static Undefined nothing(String which) {
    return new Undefined(() -> "there is no %s item, the sequence is empty".formatted(which));
  }

  static Object reverse(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("reverse", 0);
    if (value instanceof String text) {
      evaluator.budget().text(text.length());
      return new StringBuilder(text).reverse().toString();
    }
    List<Object> reversed = List.copyOf(Types.items(value, evaluator.budget())).reversed();
    return value instanceof Generator ? reversed : new Generator(reversed);
  }

  static Object items(Object value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("items", 0);
    return switch (value) {
      case Undefined undefined -> new Generator(List.of());
      case Dict dict -> {
        evaluator.budget().elements(dict.size());
        yield new Generator(dict.items());
      }
      default ->
          throw new TemplateException("items needs a mapping, but is given " + Types.object(value));
    };
  }

  /** Rows of {@code linecount} items. */
  static Object batch(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("batch", 1, "linecount", "fill_with");
    long size = bound.integer("linecount", 1);
    List<Object> rows = new ArrayList<>();
    List<Object> row = new ArrayList<>();
    for (Object item : Types.items(value, evaluator.budget())) {
      if (row.size() == size) {
        rows.add(row);
        row = new ArrayList<>();
      }
      row.add(item);
    }
    if (!row.isEmpty()) {
      if (bound.has("fill_with") && row.size() < size) {
        evaluator.budget().list(size);
        while (row.size() < size) {
          row.add(bound.value("fill_with"));
        }
      }
      rows.add(row);
    }
    return new Generator(rows);
  }

  /** {@code slices} columns of nearly equal length. */
  static Object slice(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("slice", 1, "slices", "fill_with");
    long slices = bound.integer("slices", 1);
    if (slices < 1) {
      throw new TemplateException("slice: slices=%d must be at least 1".formatted(slices));
    }
    List<Object> items = Types.items(value, evaluator.budget());
    evaluator.budget().list(slices);
    long length = items.size() / slices;
    long longer = items.size() % slices;
    List<Object> columns = new ArrayList<>();
    int at = 0;
    for (long i = 0; i < slices; i++) {
      int end = at + (int) (i < longer ? length + 1 : length);
      List<Object> column = new ArrayList<>(items.subList(at, end));
      if (bound.has("fill_with") && i >= longer) {
        column.add(bound.value("fill_with"));
      }
      columns.add(column);
      at = end;
    }
    return new Generator(columns);
  }

  static Object sum(Object value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("sum", 0, "attribute", "start");
    Object sum = bound.value("start", 0L);
    if (sum instanceof String) {
      throw new TemplateException("sum cannot add texts: use join");
    }
    for (Object item : Filters.attributes(value, bound, evaluator)) {
      sum = Arithmetic.apply(Operator.ADD, sum, item, evaluator.budget());
    }
    return sum;
  }
}
