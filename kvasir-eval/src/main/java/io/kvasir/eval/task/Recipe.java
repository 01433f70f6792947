package io.kvasir.eval.task;

import io.kvasir.eval.Seeded;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * All that an item depends on.
 *
 * @param seed the run's
 * @param ctx tokens, everything included: template, context, question, answer
 * @param number of the context, from 0
 * @param protocol decides whether all questions must fit at once, or the longest alone
 * @param template tokens that the model's chat template adds, per question
 * @param tokens how the model counts
 * @param prose what haystacks of prose are made of
 */
public record Recipe(
    long seed,
    int ctx,
    int number,
    Protocol protocol,
    int template,
    TokenCounter tokens,
    Corpus prose) {

  /** Questions about one context, where a task has that many. */
  public static final int QUESTIONS = 8;

  /** Random numbers of one item; those of another task, ctx or context are others. */
  UniformRandomProvider random(Task task) {
    return Seeded.of(seed, task.name(), task.version(), ctx, number);
  }

  /**
   * Tokens that an answer may take: its own, a quarter more for other ways to say it, and a few for
   * a word before it. What plans write that have lost the thread goes on to the end of these.
   */
  int answerTokens(String answer) {
    int own = tokens.count(answer);
    return own + own / 4 + Math.min(8, ctx / 128);
  }

  /** Tokens that questions and answers leave to the context. */
  public int room(List<Question> questions) {
    int all = 0;
    int longest = 0;
    for (Question question : questions) {
      int one =
          template + tokens.count(question.text() + question.prefix()) + question.answerTokens();
      all += one;
      longest = Math.max(longest, one);
    }
    return ctx - (protocol == Protocol.TURNS ? all : longest);
  }

  /**
   * The depth of the {@code index}-th of {@code count} places, in [0, 1): one in each of as many
   * equal parts of the context. Where in its part moves from context to context by the golden
   * section, which fills any number of contexts evenly (Kronecker's sequence).
   */
  double depth(int index, int count) {
    double shift = number * 0.6180339887498949 % 1;
    return (index + shift) / count;
  }
}
