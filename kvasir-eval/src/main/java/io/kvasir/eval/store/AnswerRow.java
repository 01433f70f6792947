package io.kvasir.eval.store;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a plan answered.
 *
 * @param build the commit, shortened
 * @param protocol {@code blind}, {@code aware} or {@code turns}
 * @param prefill {@code exact}, {@code chunked:n} or {@code coded}
 * @param text generated; empty where nothing was
 * @param score of the text, in [0, 1]; nothing where there is no right answer
 * @param goldLnp mean ln p of the gold answer's tokens, forced
 * @param goldArgmax whether each of them was the most likely one
 * @param flip 1 right where f16 is wrong, -1 wrong where f16 is right, else 0
 * @param codedShare of the (query, key) pairs behind scored tokens: key not exact, or not read
 * @param error one sentence, when the cell failed; then nothing else is known
 */
public record AnswerRow(
    @Key String build,
    @Key String modelSha,
    @Key String planSha,
    @Key String itemSha,
    @Key String protocol,
    @Key String prefill,
    String text,
    OptionalDouble score,
    OptionalDouble goldLnp,
    Optional<Boolean> goldArgmax,
    OptionalInt flip,
    OptionalDouble codedShare,
    Optional<String> error)
    implements Row {

  Cell.Key cell() {
    return new Cell.Key(build, modelSha, planSha, protocol, prefill);
  }
}
