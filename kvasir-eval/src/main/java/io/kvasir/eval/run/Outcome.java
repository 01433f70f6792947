package io.kvasir.eval.run;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What became of one question.
 *
 * @param text generated; empty where nothing was
 * @param score of it, in [0, 1]; nothing where there is no right answer
 * @param goldLnp mean ln p of the forced answer's tokens; nothing where none is known
 * @param goldArgmax whether each of them was the most likely one
 * @param codedShare of the (query, key) pairs behind scored tokens
 * @param divergences from f16, where tokens were compared
 */
record Outcome(
    String text,
    OptionalDouble score,
    OptionalDouble goldLnp,
    Optional<Boolean> goldArgmax,
    double codedShare,
    List<Divergence> divergences) {
  /** Nothing was said. */
  static final Outcome NONE =
      new Outcome(
          "", OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty(), 0, List.of());

  Outcome {
    divergences = List.copyOf(divergences);
  }
}
