package io.kvasir.eval.claim;

import io.kvasir.eval.claim.Verdict.Ruling;
import io.kvasir.eval.stat.Bootstrap;
import io.kvasir.eval.stat.Interval;
import io.kvasir.eval.stat.Power;
import io.kvasir.eval.stat.PseudoValues;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Gives the verdicts of a family on one model at one length: a claim held, or did not, when the
 * whole interval of its difference lies on one side.
 *
 * <p>Intervals are adjusted for the number of claims that are judged together, step by step (Holm
 * 1979): of m undecided ones each gets the level {@code 1 - 0.05 / m}; those that this decides
 * leave, and the rest is tried again, until no more leave. Among all claims of a family the chance
 * of one wrong verdict stays at 5 %.
 *
 * <p>Costs are not sampled but repeated: they are decided when every round agrees.
 */
final class Judge {
  /** Fewer rounds agree too easily. */
  static final int FEWEST_ROUNDS = 3;

  private final long seed;

  private Judge(long seed) {
    this.seed = seed;
  }

  /**
   * @param seed of the resamples
   * @return one for each trial, in order
   */
  static List<Verdict> of(List<Trial> trials, long seed) {
    Judge judge = new Judge(seed);
    Map<Trial, Interval> intervals = judge.intervals(trials);
    return trials.stream()
        .map(trial -> judge.verdict(trial, Optional.ofNullable(intervals.get(trial))))
        .toList();
  }

  private Map<Trial, Interval> intervals(List<Trial> trials) {
    List<Trial> open = new ArrayList<>();
    for (Trial trial : trials) {
      if (trial.evidence().isPresent()
          && !expectation(trial).isAboutCost()
          && !nothingScores(trial)
          && trial.evidence().get().contexts() >= Bootstrap.FEWEST_CONTEXTS) {
        open.add(trial);
      }
    }
    Map<Trial, Interval> intervals = new IdentityHashMap<>();
    boolean moved = true;
    while (moved && !open.isEmpty()) {
      double level = 1 - (1 - Bootstrap.LEVEL) / open.size();
      for (Trial trial : open) {
        interval(trial, level).ifPresent(interval -> intervals.put(trial, interval));
      }
      moved = open.removeIf(trial -> isDecided(trial, intervals));
    }
    return intervals;
  }

  private Optional<Interval> interval(Trial trial, double level) {
    Evidence evidence = trial.evidence().orElseThrow();
    return Bootstrap.interval(
        evidence.difference(expectation(trial)), evidence.contexts(), seed, level);
  }

  private static boolean isDecided(Trial trial, Map<Trial, Interval> intervals) {
    return Optional.ofNullable(intervals.get(trial))
        .flatMap(interval -> expectation(trial).comparison().holds(interval))
        .isPresent();
  }

  /** Whether all plans of a claim about scores fail in every context: then they do not compare. */
  private static boolean nothingScores(Trial trial) {
    Expectation expectation = expectation(trial);
    Evidence evidence = trial.evidence().orElseThrow();
    return expectation.isAboutScores()
        && IntStream.range(0, evidence.contexts())
            .mapToObj(context -> new int[] {context})
            .allMatch(
                one ->
                    evidence.of(expectation.left(), one) == 0
                        && evidence.of(expectation.right(), one) == 0);
  }

  private static Expectation expectation(Trial trial) {
    return trial.claim().expectation().orElseThrow();
  }

  private Verdict verdict(Trial trial, Optional<Interval> interval) {
    if (trial.evidence().isEmpty()) {
      return Verdict.impossible(trial.claim(), trial.remark());
    }
    Evidence evidence = trial.evidence().get();
    if (expectation(trial).isAboutCost()) {
      return rounds(trial, evidence);
    }
    Optional<Boolean> held = interval.flatMap(expectation(trial).comparison()::holds);
    return verdict(
        trial,
        evidence,
        interval,
        held,
        held.isPresent() ? "" : undecided(trial, evidence, interval));
  }

  private static Verdict rounds(Trial trial, Evidence evidence) {
    Expectation expectation = expectation(trial);
    double[] differences =
        IntStream.range(0, evidence.contexts())
            .mapToDouble(round -> evidence.difference(expectation).of(new int[] {round}))
            .toArray();
    Interval span =
        new Interval(
            DoubleStream.of(differences).min().orElseThrow(),
            DoubleStream.of(differences).max().orElseThrow());
    if (differences.length < FEWEST_ROUNDS) {
      return verdict(
          trial,
          evidence,
          Optional.of(span),
          Optional.empty(),
          "%d rounds; expected at least %d".formatted(differences.length, FEWEST_ROUNDS));
    }
    Optional<Boolean> held = expectation.comparison().holds(span);
    return verdict(
        trial, evidence, Optional.of(span), held, held.isPresent() ? "" : "the rounds disagree");
  }

  /** Why there is no verdict. */
  private static String undecided(Trial trial, Evidence evidence, Optional<Interval> interval) {
    Expectation expectation = expectation(trial);
    if (nothingScores(trial)) {
      return "no plan of it scores anything";
    }
    if (evidence.contexts() < Bootstrap.FEWEST_CONTEXTS) {
      return "%d contexts; an interval needs %d"
          .formatted(evidence.contexts(), Bootstrap.FEWEST_CONTEXTS);
    }
    if (interval.isEmpty()) {
      return "no interval: in some resamples a divisor vanishes";
    }
    double size = Math.abs(evidence.of(expectation.left()) - evidence.of(expectation.right()));
    OptionalInt needed =
        size == 0
            ? OptionalInt.empty()
            : Power.contextsNeeded(
                PseudoValues.of(evidence.difference(expectation), evidence.contexts()), size);
    return needed.isPresent()
        ? "the interval spans 0; about %,d contexts needed".formatted(needed.getAsInt())
        : "the interval spans 0; no number of contexts will tell";
  }

  private static Verdict verdict(
      Trial trial,
      Evidence evidence,
      Optional<Interval> interval,
      Optional<Boolean> held,
      String why) {
    Expectation expectation = expectation(trial);
    String remark = trial.remark();
    return new Verdict(
        trial.claim(),
        held.map(yes -> yes ? Ruling.HELD : Ruling.NOT_HELD).orElse(Ruling.NOT_TESTABLE_HERE),
        finite(evidence.of(expectation.left())),
        finite(evidence.of(expectation.right())),
        interval,
        evidence.contexts(),
        why.isEmpty() || remark.isEmpty() ? why + remark : why + "; " + remark);
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
