package io.kvasir.kv;

import io.kvasir.kv.budget.Budget;
import io.kvasir.kv.merge.Merger;
import io.kvasir.kv.read.Reader;
import io.kvasir.kv.reuse.Reuse;
import io.kvasir.kv.score.Scorer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The choices of a plan, one per role, and their canonical text.
 *
 * @param decoding the budget's own scorer for decoded tokens, where it has one
 */
record PlanParts(
    Optional<Scorer> scorer,
    Keep keep,
    OptionalInt every,
    Optional<Protection> protect,
    Budget budget,
    Optional<Scorer> decoding,
    Merger merger,
    CodecChoice codecs,
    Reader reader,
    Reuse reuse) {

  /** Whether pairs may be dropped: there is a scorer, and {@code keep} is less than 100 %. */
  boolean drops() {
    return scorer.isPresent() && !keep.equals(Keep.ALL);
  }

  /** The methods that will act: all of them, but for what chooses pairs when nothing is dropped. */
  Stream<Object> methods() {
    Stream<Object> dropping =
        drops()
            ? Stream.of(scorer.stream(), decoding.stream(), Stream.of(budget, merger))
                .flatMap(some -> some)
            : Stream.empty();
    Stream<Object> serving = Stream.concat(codecs.all(), Stream.of(reader, reuse));
    return Stream.concat(dropping, serving);
  }

  /** Role order, every parameter; neutral roles are left out, the codec never is. */
  String print(Methods methods) {
    Stream<String> dropping =
        Stream.of(
                scorer.map(this::printScorer),
                protect.map(p -> new RecordText("protect", Protection.class).print(p, "")),
                scorer.flatMap(Scorer::defaultBudget).isPresent()
                    ? Optional.of(RecordText.print((Record) budget))
                    : unlessNeutral(Role.BUDGET, budget, methods),
                unlessNeutral(Role.MERGER, merger, methods))
            .flatMap(Optional::stream);
    Stream<String> serving =
        Stream.of(
                unlessNeutral(Role.READER, reader, methods),
                unlessNeutral(Role.REUSE, reuse, methods))
            .flatMap(Optional::stream);
    return Stream.of(dropping, codecs.print(), serving)
        .flatMap(part -> part)
        .collect(Collectors.joining(" | "));
  }

  private String printScorer(Scorer method) {
    Record record = (Record) method;
    String first = "keep=" + keep + (every.isPresent() ? ",every=" + every.getAsInt() : "");
    return new RecordText(MethodType.about(record.getClass()).value(), record.getClass())
        .print(record, first);
  }

  private static Optional<String> unlessNeutral(Role role, Object method, Methods methods) {
    return method.equals(methods.neutral(role))
        ? Optional.empty()
        : Optional.of(RecordText.print((Record) method));
  }
}
