package io.kvasir.engine.template;

import io.kvasir.engine.template.Expr.Comparator;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Python's comparisons: equality of everything, order of what has one, membership. */
final class Compare {
  private Compare() {}

  static boolean apply(Comparator comparator, Object left, Object right, Budget budget) {
    return switch (comparator) {
      case EQUAL -> equal(left, right, budget);
      case NOT_EQUAL -> !equal(left, right, budget);
      case IN -> contains(right, left, budget);
      case NOT_IN -> !contains(right, left, budget);
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
          ordered(comparator, left, right, budget);
    };
  }

  @SuppressWarnings("ReferenceEquality") // functions, namespaces and the like equal themselves
  static boolean equal(Object left, Object right, Budget budget) {
    budget.step();
    if (left instanceof String x && right instanceof String y) {
      budget.characters(Math.min(x.length(), y.length()));
      return x.equals(y);
    }
    if (Arithmetic.isNumber(left) && Arithmetic.isNumber(right)) {
      return !isNaN(left) && !isNaN(right) && compareNumbers(left, right) == 0;
    }
    if (left instanceof List<?> x && right instanceof List<?> y) {
      return equalItems(x, y, budget);
    }
    if (left instanceof Tuple x && right instanceof Tuple y) {
      return equalItems(x.items(), y.items(), budget);
    }
    if (left instanceof Dict x && right instanceof Dict y) {
      return equalEntries(x, y, budget);
    }
    if (left instanceof View x && right instanceof View y) {
      return x.kind() == y.kind() && equalItems(x.items(), y.items(), budget);
    }
    return left == right || (left instanceof Undefined && right instanceof Undefined);
  }

  private static boolean equalItems(List<?> left, List<?> right, Budget budget) {
    if (left.size() != right.size()) {
      return false;
    }
    budget.enter();
    boolean equal = true;
    for (int i = 0; equal && i < left.size(); i++) {
      equal = equal(left.get(i), right.get(i), budget);
    }
    budget.leave();
    return equal;
  }

  private static boolean equalEntries(Dict left, Dict right, Budget budget) {
    if (left.size() != right.size()) {
      return false;
    }
    budget.enter();
    boolean equal = true;
    Iterator<Object> values = left.values().iterator();
    for (Object key : left.keys()) {
      Object value = values.next();
      Optional<Object> other = right.get(key, budget);
      equal = equal && other.isPresent() && equal(value, other.get(), budget);
    }
    budget.leave();
    return equal;
  }

  /** Python's {@code element in container}. */
  @SuppressWarnings("ReferenceEquality") // Python too compares identity first: NaN is in [NaN]
  static boolean contains(Object container, Object element, Budget budget) {
    if (container instanceof String text) {
      if (element instanceof Undefined undefined) {
        throw undefined.failure();
      }
      if (!(element instanceof String part)) {
        throw new TemplateException(
            "\"in\" a text looks for a text, but is given %s".formatted(Types.object(element)));
      }
      budget.search(text, part);
      return text.contains(part);
    }
    if (container instanceof Dict dict) {
      return dict.get(element, budget).isPresent();
    }
    if (container instanceof Generator generator) {
      while (generator.items().hasNext()) { // like Python's, stops behind what it finds
        if (equal(generator.items().next(), element, budget)) {
          return true;
        }
      }
      return false;
    }
    for (Object item : Types.items(container, budget)) {
      if (item == element || equal(item, element, budget)) {
        return true;
      }
    }
    return false;
  }

  private static boolean ordered(Comparator comparator, Object left, Object right, Budget budget) {
    if (isNaN(left) || isNaN(right)) {
      compare(left, right, comparator.symbol(), budget);
      return false;
    }
    int order = compare(left, right, comparator.symbol(), budget);
    return switch (comparator) {
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  /** Order of two values for sorting: negative, zero or positive. Fails if there is none. */
  static int compare(Object left, Object right, Budget budget) {
    return compare(left, right, "<", budget);
  }

  private static int compare(Object left, Object right, String symbol, Budget budget) {
    budget.step();
    if (Arithmetic.isNumber(left) && Arithmetic.isNumber(right)) {
      return compareNumbers(left, right);
    }
    if (left instanceof String x && right instanceof String y) {
      budget.characters(Math.min(x.length(), y.length()));
      return compareTexts(x, y);
    }
    if (left instanceof List<?> x && right instanceof List<?> y) {
      return compareItems(x, y, symbol, budget);
    }
    if (left instanceof Tuple x && right instanceof Tuple y) {
      return compareItems(x.items(), y.items(), symbol, budget);
    }
    for (Object operand : List.of(left, right)) {
      if (operand instanceof Undefined undefined) {
        throw undefined.failure();
      }
    }
    throw new TemplateException(
        "\"%s\" does not work between %s and %s"
            .formatted(symbol, Types.object(left), Types.object(right)));
  }

  private static int compareItems(List<?> left, List<?> right, String symbol, Budget budget) {
    budget.enter();
    int order = 0;
    int both = Math.min(left.size(), right.size());
    for (int i = 0; order == 0 && i < both; i++) {
      if (!equal(left.get(i), right.get(i), budget)) {
        order = compare(left.get(i), right.get(i), symbol, budget);
      }
    }
    budget.leave();
    return order != 0 ? order : Integer.compare(left.size(), right.size());
  }

  private static boolean isNaN(Object value) {
    return value instanceof Double number && Double.isNaN(number);
  }

  /** Exact, also between integers and floats; NaN is above everything, so that sorting ends. */
  private static int compareNumbers(Object left, Object right) {
    if (left instanceof Long x && right instanceof Long y) {
      return Long.compare(x, y);
    }
    boolean special =
        (left instanceof Double x && !Double.isFinite(x))
            || (right instanceof Double y && !Double.isFinite(y));
    if (special || (left instanceof Double && right instanceof Double)) {
      double x = left instanceof Double number ? number : Integers.big(left).doubleValue();
      double y = right instanceof Double number ? number : Integers.big(right).doubleValue();
      return x == y ? 0 : Double.compare(x, y);
    }
    return exact(left).compareTo(exact(right));
  }

  private static BigDecimal exact(Object number) {
    return number instanceof Double value
        ? new BigDecimal(value)
        : new BigDecimal(Integers.big(number));
  }

  /** By code points, which differs from UTF-16 order where surrogates are involved. */
  private static int compareTexts(String left, String right) {
    int both = Math.min(left.length(), right.length());
    for (int i = 0; i < both; i++) {
      char x = left.charAt(i);
      char y = right.charAt(i);
      if (x != y) {
        boolean pairs = Character.isSurrogate(x) != Character.isSurrogate(y);
        return pairs ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
