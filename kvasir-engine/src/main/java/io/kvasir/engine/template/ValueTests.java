package io.kvasir.engine.template;

import static java.util.Map.entry;

import io.kvasir.engine.template.Expr.Comparator;
import io.kvasir.engine.template.Expr.Operator;
import java.util.Map;
import java.util.Optional;

/** The tests by name: what may follow {@code is}. */
final class ValueTests {
  /** What {@code value is name(arguments)} asks. */
  interface ValueTest {
    boolean holds(Object value, Arguments arguments, Evaluator evaluator);
  }

  private static final Map<String, ValueTest> ALL =
      Map.ofEntries(
          entry("defined", (value, args, e) -> !(value instanceof Undefined)),
          entry("undefined", (value, args, e) -> value instanceof Undefined),
          entry("none", (value, args, e) -> value == None.NONE),
          entry("boolean", (value, args, e) -> value instanceof Boolean),
          entry("true", (value, args, e) -> value.equals(true)),
          entry("false", (value, args, e) -> value.equals(false)),
          entry("string", (value, args, e) -> value instanceof String),
          entry("number", (value, args, e) -> Arithmetic.isNumber(value)),
          entry("float", (value, args, e) -> value instanceof Double),
          entry(
              "integer",
              (value, args, e) -> Integers.isInteger(value) && !(value instanceof Boolean)),
          entry("mapping", (value, args, e) -> value instanceof Dict),
          entry("iterable", (value, args, e) -> Types.isIterable(value)),
          entry("sequence", (value, args, e) -> Types.isSequence(value)),
          entry(
              "callable",
              (value, args, e) -> value instanceof Callable || value instanceof Undefined),
          entry("escaped", (value, args, e) -> false),
          entry("sameas", (value, args, e) -> same(value, args)),
          entry("odd", (value, args, e) -> remainder(value, 2L, e) == 1),
          entry("even", (value, args, e) -> remainder(value, 2L, e) == 0),
          entry("divisibleby", ValueTests::divisibleBy),
          entry("upper", (value, args, e) -> CharCase.isUpper(PythonText.str(value, e.budget()))),
          entry("lower", (value, args, e) -> CharCase.isLower(PythonText.str(value, e.budget()))),
          entry(
              "filter",
              (value, args, e) -> value instanceof String s && Filters.find(s).isPresent()),
          entry("test", (value, args, e) -> value instanceof String s && find(s).isPresent()),
          entry("in", comparison(Comparator.IN)),
          entry("eq", comparison(Comparator.EQUAL)),
          entry("equalto", comparison(Comparator.EQUAL)),
          entry("==", comparison(Comparator.EQUAL)),
          entry("ne", comparison(Comparator.NOT_EQUAL)),
          entry("!=", comparison(Comparator.NOT_EQUAL)),
          entry("lt", comparison(Comparator.LESS)),
          entry("lessthan", comparison(Comparator.LESS)),
          entry("<", comparison(Comparator.LESS)),
          entry("le", comparison(Comparator.LESS_OR_EQUAL)),
          entry("<=", comparison(Comparator.LESS_OR_EQUAL)),
          entry("gt", comparison(Comparator.GREATER)),
          entry("greaterthan", comparison(Comparator.GREATER)),
          entry(">", comparison(Comparator.GREATER)),
          entry("ge", comparison(Comparator.GREATER_OR_EQUAL)),
          entry(">=", comparison(Comparator.GREATER_OR_EQUAL)));

  private ValueTests() {}

  static Optional<ValueTest> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  private static ValueTest comparison(Comparator comparator) {
    return (value, arguments, evaluator) ->
        Compare.apply(
            comparator,
            value,
            arguments.bind(comparator.symbol(), 1, "other").value("other"),
            evaluator.budget());
  }

  /** Identity; equal constants of one type are taken as one object. */
  private static boolean same(Object value, Arguments arguments) {
    Object other = arguments.bind("sameas", 1, "other").value("other");
    return value == other
        || ((value instanceof Boolean || value instanceof Long || value instanceof String)
            && value.equals(other));
  }

  private static boolean divisibleBy(Object value, Arguments arguments, Evaluator evaluator) {
    Object number = arguments.bind("divisibleby", 1, "num").value("num");
    return remainder(value, number, evaluator) == 0;
  }

  private static double remainder(Object value, Object divisor, Evaluator evaluator) {
    if (!Arithmetic.isNumber(value)) {
      throw new TemplateException(
          "only numbers are odd, even or divisible, not " + Types.object(value));
    }
    Object rest = Arithmetic.apply(Operator.MODULO, value, divisor, evaluator.budget());
    return Integers.toDouble(rest);
  }
}
