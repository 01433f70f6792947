package io.kvasir.eval.task;

import io.kvasir.eval.Digest;
import java.util.List;

/**
 * A context and its questions.
 *
 * @param task name with parameters
 * @param version of the task
 * @param corpus SHA-256 of the corpus it was made of; empty when of none
 * @param ctx tokens aimed at
 * @param seed the recipe's
 * @param number of the context
 * @param context what is read and compressed; it begins with what to do
 * @param questions at least one
 */
public record Item(
    String task,
    int version,
    String corpus,
    int ctx,
    long seed,
    int number,
    String context,
    List<Question> questions) {

  public Item {
    questions = List.copyOf(questions);
  }

  /**
   * SHA-256 of one question: of its recipe, of all the words that a model gets to see, and of what
   * is scored.
   */
  public String digest(int question) {
    Question asked = questions.get(question);
    return Digest.hex(
        task,
        version,
        ctx,
        seed,
        number,
        context,
        asked.text(),
        asked.prefix(),
        asked.answer(),
        asked.gold(),
        asked.candidates(),
        asked.answerTokens(),
        asked.metric());
  }
}
