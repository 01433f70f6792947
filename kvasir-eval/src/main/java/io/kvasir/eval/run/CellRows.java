package io.kvasir.eval.run;

import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.Cell;
import io.kvasir.eval.store.DivergenceRow;
import io.kvasir.eval.store.FateRow;
import io.kvasir.eval.store.ItemRow;
import io.kvasir.eval.store.KeptRow;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Outcomes as the rows that are stored of them.
 *
 * @param build the commit, shortened
 * @param modelSha the model's digest
 * @param protocol of the sweep
 */
record CellRows(String build, String modelSha, String protocol) {
  Cell.Key key(Subject subject) {
    return new Cell.Key(build, modelSha, subject.sha(), protocol, subject.prefill().toString());
  }

  /**
   * What a plan gave.
   *
   * @param outcomes one for each question
   * @param base f16's, or none
   */
  Cell cell(Reading reading, Subject subject, List<Outcome> outcomes, List<Outcome> base) {
    List<AnswerRow> answers = new ArrayList<>();
    List<DivergenceRow> divergences = new ArrayList<>();
    List<KeptRow> kept = new ArrayList<>();
    List<FateRow> fates = new ArrayList<>();
    for (int q = 0; q < outcomes.size(); q++) {
      Outcome outcome = outcomes.get(q);
      String item = reading.sha(q);
      OptionalDouble full = q < base.size() ? base.get(q).score() : OptionalDouble.empty();
      answers.add(answer(subject, item, outcome, full, Optional.empty()));
      outcome
          .divergences()
          .forEach(divergence -> divergences.add(divergence(subject, item, divergence)));
      outcome.holding().ifPresent(holding -> kept.add(kept(subject, item, holding)));
      outcome.fate().ifPresent(fate -> fates.add(fate(subject, item, fate)));
    }
    return new Cell(key(subject), items(reading), answers, divergences, kept, fates);
  }

  /** What is known of a plan that failed: the reason, in the place of every answer. */
  Cell failure(Reading reading, Subject subject, RuntimeException e) {
    String sentence = e.getMessage() == null ? e.toString() : e.getMessage();
    List<AnswerRow> answers = new ArrayList<>();
    for (int q = 0; q < reading.asked().size(); q++) {
      answers.add(
          answer(
              subject,
              reading.sha(q),
              Outcome.NONE,
              OptionalDouble.empty(),
              Optional.of(sentence)));
    }
    return new Cell(key(subject), items(reading), answers, List.of());
  }

  private AnswerRow answer(
      Subject subject, String item, Outcome outcome, OptionalDouble f16, Optional<String> error) {
    Cell.Key key = key(subject);
    OptionalInt flip =
        outcome.score().isPresent() && f16.isPresent()
            ? OptionalInt.of(Double.compare(outcome.score().getAsDouble(), f16.getAsDouble()))
            : OptionalInt.empty();
    return new AnswerRow(
        key.build(),
        key.modelSha(),
        key.planSha(),
        item,
        key.protocol(),
        key.prefill(),
        outcome.text(),
        outcome.score(),
        outcome.goldLnp(),
        outcome.goldArgmax(),
        flip,
        error.isPresent() ? OptionalDouble.empty() : OptionalDouble.of(outcome.codedShare()),
        error);
  }

  private DivergenceRow divergence(Subject subject, String item, Divergence divergence) {
    Cell.Key key = key(subject);
    return new DivergenceRow(
        key.build(),
        key.modelSha(),
        key.planSha(),
        item,
        key.protocol(),
        key.prefill(),
        divergence.bucket(),
        divergence.far(),
        divergence.n(),
        divergence.nll(),
        divergence.nllF16(),
        divergence.klMean(),
        divergence.klP99(),
        divergence.klMax(),
        divergence.top1());
  }

  private KeptRow kept(Subject subject, String item, Holding holding) {
    Cell.Key key = key(subject);
    return new KeptRow(
        key.build(),
        key.modelSha(),
        key.planSha(),
        item,
        key.protocol(),
        key.prefill(),
        holding.seen(),
        holding.pairs(),
        holding.coded());
  }

  private FateRow fate(Subject subject, String item, Holding.Fate fate) {
    Cell.Key key = key(subject);
    return new FateRow(
        key.build(),
        key.modelSha(),
        key.planSha(),
        item,
        key.protocol(),
        key.prefill(),
        fate.tokens(),
        fate.kept(),
        fate.coded(),
        fate.dropped());
  }

  private static List<ItemRow> items(Reading reading) {
    Item item = reading.item();
    List<ItemRow> rows = new ArrayList<>();
    for (int q = 0; q < reading.asked().size(); q++) {
      Question question = item.questions().get(q);
      rows.add(
          new ItemRow(
              reading.sha(q),
              item.task(),
              item.version(),
              item.corpus(),
              item.ctx(),
              item.seed(),
              item.number(),
              q,
              question.depth(),
              reading.prompt().length,
              reading.asked().get(q).ids().length,
              question.gold()));
    }
    return rows;
  }
}
