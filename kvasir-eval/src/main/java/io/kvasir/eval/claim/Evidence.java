package io.kvasir.eval.claim;

import io.kvasir.eval.stat.Estimator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What was measured about one claim on one model at one length.
 *
 * @param columns of the expectation: each computed from contexts, or of costs from rounds
 * @param contexts how many there are, the same ones for all columns
 */
record Evidence(Map<Column, Estimator> columns, int contexts) {
  Evidence {
    columns = Map.copyOf(columns);
  }

  /** A side, over all contexts. */
  double of(Expression side) {
    return of(side, IntStream.range(0, contexts).toArray());
  }

  /** A side, over some of them. */
  double of(Expression side, int[] chosen) {
    return side.of(column -> Objects.requireNonNull(columns.get(column)).of(chosen));
  }

  /** The left side less the right one. */
  Estimator difference(Expectation expectation) {
    return chosen -> of(expectation.left(), chosen) - of(expectation.right(), chosen);
  }
}
