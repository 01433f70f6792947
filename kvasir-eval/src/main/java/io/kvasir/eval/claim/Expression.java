package io.kvasir.eval.claim;

import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A side of an expectation: numbers, means over contexts, and arithmetic on them. */
sealed interface Expression {

  /** The value, where each column has a mean; not finite where a divisor is 0. */
  double of(ToDoubleFunction<Column> means);

  /** What it is computed from. */
  Set<Column> columns();

  record Constant(double value) implements Expression {
    @Override
    public double of(ToDoubleFunction<Column> means) {
      return value;
    }

    @Override
    public Set<Column> columns() {
      return Set.of();
    }
  }

  record Mean(Column column) implements Expression {
    @Override
    public double of(ToDoubleFunction<Column> means) {
      return means.applyAsDouble(column);
    }

    @Override
    public Set<Column> columns() {
      return Set.of(column);
    }
  }

  /** Two expressions, joined by {@code + - * /}. */
  record Joined(Expression left, char by, Expression right) implements Expression {
    @Override
    public double of(ToDoubleFunction<Column> means) {
      double a = left.of(means);
      double b = right.of(means);
      return switch (by) {
        case '+' -> a + b;
        case '-' -> a - b;
        case '*' -> a * b;
        case '/' -> a / b;
        default -> throw new AssertionError("no operator " + by);
      };
    }

    @Override
    public Set<Column> columns() {
      return Stream.of(left, right)
          .flatMap(side -> side.columns().stream())
          .collect(Collectors.toUnmodifiableSet());
    }
  }
}
