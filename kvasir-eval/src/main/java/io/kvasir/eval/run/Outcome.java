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
 * @param holding what was left of the context; nothing where an earlier question of the same cache
 *     says so, or where none was read
 * @param fate of the answer in the context; nothing where it does not stand there
 */
record Outcome(
    String text,
    OptionalDouble score,
    OptionalDouble goldLnp,
    Optional<Boolean> goldArgmax,
    double codedShare,
    List<Divergence> divergences,
    Optional<Holding> holding,
    Optional<Holding.Fate> fate) {
  /** Nothing was said. */
  static final Outcome NONE =
      new Outcome(
          "", OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty(), 0, List.of());

  Outcome {
    divergences = List.copyOf(divergences);
  }

  /** An outcome of which only that is known which the model said. */
  Outcome(
      String text,
      OptionalDouble score,
      OptionalDouble goldLnp,
      Optional<Boolean> goldArgmax,
      double codedShare,
      List<Divergence> divergences) {
    this(
        text,
        score,
        goldLnp,
        goldArgmax,
        codedShare,
        divergences,
        Optional.empty(),
        Optional.empty());
  }

  /** The same with what the cache held. */
  Outcome from(Optional<Holding> held, Optional<Holding.Fate> answer) {
    return new Outcome(text, score, goldLnp, goldArgmax, codedShare, divergences, held, answer);
  }
}
