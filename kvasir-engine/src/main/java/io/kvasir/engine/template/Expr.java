package io.kvasir.engine.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An expression of a parsed template. */
sealed interface Expr {
  /** A constant: a string, Long, BigInteger, Double, Boolean or {@link None}. */
  record Literal(Object value) implements Expr {}

  record Name(String name) implements Expr {}

  record ListOf(List<Expr> items) implements Expr {}

  record TupleOf(List<Expr> items) implements Expr {}

  record DictOf(List<Pair> pairs) implements Expr {}

  record Pair(Expr key, Expr value) {}

  /** {@code of.name}: a method or attribute first, then an element of a mapping. */
  record Attribute(Expr of, String name) implements Expr {}

  /** {@code of[key]}: an element first, then an attribute. */
  record Item(Expr of, Expr key) implements Expr {}

  /** What stands in the brackets of {@code of[start:stop:step]}. */
  record SliceOf(Optional<Expr> start, Optional<Expr> stop, Optional<Expr> step) implements Expr {}

  record Call(Expr callee, Args args) implements Expr {}

  record Filtered(Expr value, FilterCall filter) implements Expr {}

  record FilterCall(String name, Args args) {}

  record Tested(Expr value, String test, Args args) implements Expr {}

  record Not(Expr value) implements Expr {}

  record Negated(Expr value) implements Expr {}

  /** Unary plus. */
  record Positive(Expr value) implements Expr {}

  record And(Expr left, Expr right) implements Expr {}

  record Or(Expr left, Expr right) implements Expr {}

  record Binary(Operator operator, Expr left, Expr right) implements Expr {}

  /** {@code a ~ b ~ c}: all as text. */
  record Concat(List<Expr> parts) implements Expr {}

  /** {@code first < second <= third}, each operand evaluated once. */
  record Comparison(Expr first, List<Link> links) implements Expr {}

  record Link(Comparator comparator, Expr right) {}

  /** {@code then if test else otherwise}. */
  record Choice(Expr test, Expr then, Optional<Expr> otherwise) implements Expr {}

  /** Arguments of a call: {@code f(1, x=2, *positions, **names)}. */
  record Args(
      List<Expr> positional,
      Map<String, Expr> named,
      Optional<Expr> rest,
      Optional<Expr> namedRest) {
    static final Args NONE = new Args(List.of(), Map.of(), Optional.empty(), Optional.empty());
  }

  enum Operator {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    FLOOR_DIVIDE("//"),
    MODULO("%"),
    POWER("**");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    String symbol() {
      return symbol;
    }
  }

  enum Comparator {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    IN("in"),
    NOT_IN("not in");

    private final String symbol;

    Comparator(String symbol) {
      this.symbol = symbol;
    }

    String symbol() {
      return symbol;
    }
  }
}
