package io.kvasir.engine.template;

import static java.util.Map.entry;

import io.kvasir.engine.template.Expr.Comparator;
import io.kvasir.engine.template.Expr.Operator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The tests by name: what may follow {@code is}. */
final class ValueTests {
  /** What {@code value is name(arguments)} asks. */
  interface ValueTest {
    boolean holds(Object value, Arguments arguments, Evaluator evaluator);
  }

  private static final Map<String, ValueTest> ALL =
      Map.ofEntries(
          plain("defined", value -> !(value instanceof Undefined)),
          plain("undefined", value -> value instanceof Undefined),
          plain("none", value -> value == None.NONE),
          plain("boolean", value -> value instanceof Boolean),
          plain("true", value -> value.equals(true)),
          plain("false", value -> value.equals(false)),
          plain("string", value -> value instanceof String),
          plain("number", Arithmetic::isNumber),
          plain("float", value -> value instanceof Double),
          plain("integer", value -> Integers.isInteger(value) && !(value instanceof Boolean)),
          plain("mapping", value -> value instanceof Dict),
          plain("iterable", Types::isIterable),
          plain("sequence", Types::isSequence),
          plain("callable", value -> value instanceof Callable || value instanceof Undefined),
          plain("escaped", value -> false),
          plain("filter", value -> value instanceof String s && Filters.find(s).isPresent()),
          plain("test", value -> value instanceof String s && find(s).isPresent()),
          entry("sameas", (value, args, e) -> same(value, args)),
          entry("odd", (value, args, e) -> remainder(value, 2L, e) == 1),
          entry("even", (value, args, e) -> remainder(value, 2L, e) == 0),
          entry("divisibleby", ValueTests::divisibleBy),
          entry("upper", (value, args, e) -> CharCase.isUpper(PythonText.str(value, e.budget()))),
          entry("lower", (value, args, e) -> CharCase.isLower(PythonText.str(value, e.budget()))),
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

  /** A test without arguments. */
  private static Map.Entry<String, ValueTest> plain(String name, Predicate<Object> test) {
    return entry(
        name,
        (value, arguments, evaluator) -> {
          arguments.bind(name, 0);
          return test.test(value);
        });
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
  @SuppressWarnings("ReferenceEquality")
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
