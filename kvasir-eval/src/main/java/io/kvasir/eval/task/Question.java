package io.kvasir.eval.task;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A question about a context.
 *
 * @param text what is asked, after the context; empty where a text goes on by itself
 * @param prefix how the answer begins: given to the model, the rest is its own; may be empty
 * @param answer what should follow the prefix: the text that is forced, and the model of an answer
 *     in demonstrations
 * @param gold what the metric looks for; empty where there is no right answer
 * @param candidates answers to choose from: by the mean ln p of each, or as the classes of a
 *     classification; empty for most questions
 * @param depth where in the context the evidence stands, in [0, 1], the mean where there are
 *     several pieces; nothing where it stands everywhere
 * @param answerTokens what a generated answer may take at most
 * @param metric how a generated answer is scored
 */
public record Question(
    String text,
    String prefix,
    String answer,
    List<String> gold,
    List<String> candidates,
    OptionalDouble depth,
    int answerTokens,
    Metric metric) {

  public Question {
    gold = List.copyOf(gold);
    candidates = List.copyOf(candidates);
  }

  /** In [0, 1]: how good a generated answer is; NaN where there is no right one. */
  public double score(String generated) {
    return metric.score(generated, this);
  }

  /** Something to look up; where it stands is known once the context is filled. */
  static Question lookup(
      Recipe recipe, String text, String prefix, List<String> gold, Metric metric) {
    String answer = " " + Sentences.list(gold);
    return new Question(
        text,
        prefix,
        answer,
        gold,
        List.of(),
        OptionalDouble.empty(),
        recipe.answerTokens(answer),
        metric);
  }

  Question at(OptionalDouble where) {
    return new Question(text, prefix, answer, gold, candidates, where, answerTokens, metric);
  }

  Question among(List<String> answers) {
    return new Question(text, prefix, answer, gold, answers, depth, answerTokens, metric);
  }
}
