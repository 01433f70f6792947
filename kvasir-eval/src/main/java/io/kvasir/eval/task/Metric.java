package io.kvasir.eval.task;

import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.ToDoubleBiFunction;

/**
 * How a generated answer is scored, in [0, 1]. Where several answers are right, the best counts.
 *
 * <p>{@link #F1} to {@link #EDIT} are LongBench's (Bai et al. 2023, arXiv:2308.14508, table 2; its
 * metrics.py, for English) and give the numbers that its code gives.
 */
public enum Metric {
  /** Nothing to score: the text is forced, or free. NaN. */
  LIKELIHOOD((answer, question) -> Double.NaN),
  /** The first line is the gold, whatever quotes, stops and case are around it. */
  EXACT(best(Answers::exact)),
  /** Share of the golds that stand in the answer, in any case (RULER's string match). */
  SHARE_FOUND((answer, question) -> Answers.shareFound(answer, question.gold())),
  /** 1 if any of the golds stands in the answer, in any case. */
  ANY_FOUND(best((answer, gold) -> Answers.shareFound(answer, List.of(gold)))),
  /** F1 of lines, each counted as often as it stands there. */
  LINE_F1((answer, question) -> Answers.lineF1(answer, question.gold())),
  /** The letter of the choice that the answer names first. */
  CHOICE(best(Answers::choice)),
  /** F1 of words without case, punctuation and articles. */
  F1(best(LongBench::f1)),
  /** F of the longest common subsequences of sentences. */
  ROUGE_L(best(RougeL::f)),
  /** {@link #F1} of the answer's first line alone. */
  FIRST_LINE_F1(best((answer, gold) -> LongBench.f1(LongBench.firstLine(answer), gold))),
  /** {@link #ROUGE_L} of the answer's first line alone. */
  FIRST_LINE_ROUGE_L(best((answer, gold) -> RougeL.f(LongBench.firstLine(answer), gold))),
  /** Among the candidates that stand in the answer's first line, the share of the right one. */
  CLASSIFICATION(
      (answer, question) ->
          question.gold().stream()
              .mapToDouble(
                  gold ->
                      LongBench.classification(
                          LongBench.firstLine(answer), gold, question.candidates()))
              .max()
              .orElse(0)),
  /** Share of the answer's numbers that are the number of the right paragraph. */
  RETRIEVAL(best(LongBench::retrieval)),
  /** Share of the answer's numbers that are the right one. */
  COUNT(best(LongBench::count)),
  /** Likeness of the answer's first line of code. */
  EDIT(best(LongBench::edit));

  private final ToDoubleBiFunction<String, Question> score;

  Metric(ToDoubleBiFunction<String, Question> score) {
    this.score = score;
  }

  private static ToDoubleBiFunction<String, Question> best(BiFunction<String, String, Double> one) {
    return (answer, question) ->
        question.gold().stream().mapToDouble(gold -> one.apply(answer, gold)).max().orElse(0);
  }

  /** The score of what was generated after the question's prefix. */
  public double score(String answer, Question question) {
    return score.applyAsDouble(answer, question);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
