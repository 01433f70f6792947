package io.kvasir.eval.data;

import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Question;
import java.util.List;
import java.util.OptionalDouble;

/** Questions of data: nobody knows where in the context their answer stands. */
final class Asked {
  private Asked() {}

  static Question question(
      String text, String prefix, List<String> gold, int answerTokens, Metric metric) {
    return new Question(
        text,
        prefix,
        answer(prefix, gold.getFirst()),
        gold,
        List.of(),
        OptionalDouble.empty(),
        answerTokens,
        metric);
  }

  static Question among(Question question, List<String> candidates) {
    return new Question(
        question.text(),
        question.prefix(),
        question.answer(),
        question.gold(),
        candidates,
        question.depth(),
        question.answerTokens(),
        question.metric());
  }

  /** What follows the prefix, apart from it unless it ends with a bracket or a space already. */
  private static String answer(String prefix, String gold) {
    return prefix.endsWith("(") || prefix.endsWith(" ") ? gold : " " + gold;
  }
}
