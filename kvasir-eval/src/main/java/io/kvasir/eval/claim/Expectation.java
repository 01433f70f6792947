package io.kvasir.eval.claim;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a claim comes to: {@code score(A) >= 0.98 * score(f16)}.
 *
 * @param text as it is written
 */
record Expectation(String text, Expression left, Comparison comparison, Expression right) {

  /** What either side is computed from; at least one. */
  Set<Column> columns() {
    return Stream.of(left, right)
        .flatMap(side -> side.columns().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  boolean isAboutCost() {
    return columns().stream().anyMatch(column -> column.metric().isCost());
  }

  boolean isAboutScores() {
    return columns().stream().allMatch(column -> column.metric().of() == Metric.Of.LOOKUPS);
  }
}
