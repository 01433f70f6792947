package io.kvasir.eval.run;

import io.kvasir.eval.Digest;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Question;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A context and its questions as the tokens of one model.
 *
 * @param prompt what is read and compressed, [N]
 * @param asked one for each question
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record Reading(Item item, int[] prompt, List<Asked> asked) {

  /**
   * A question as tokens.
   *
   * @param ids what follows the context, as far as the answer's prefix; nothing where a text goes
   *     on by itself
   * @param alone the same where no context was read
   * @param answer what is forced; empty where nobody knows the answer
   * @param candidates to choose from, or none
   * @param places tokens of the prompt that hold the right answer, ascending; none where nobody
   *     knows it, or where it does not stand there
   * @param end what ends a generated answer beside the model's own end; may be empty
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Asked(
      Question question,
      int[] ids,
      int[] alone,
      int[] answer,
      List<int[]> candidates,
      int[] places,
      String end) {}

  Reading {
    asked = List.copyOf(asked);
  }

  static Reading of(PromptForm form, Item item) {
    List<Question> questions = item.questions();
    if (continues(item)) {
      return new Reading(item, form.plain(item.context()), List.of(continued(form, item)));
    }
    int[] prompt = form.context(item.context());
    AnswerPlaces places = new AnswerPlaces(form.tokenizer(), prompt);
    return new Reading(
        item,
        prompt,
        IntStream.range(0, questions.size())
            .mapToObj(q -> asked(form, questions, q, places))
            .toList());
  }

  private static Asked asked(
      PromptForm form, List<Question> questions, int q, AnswerPlaces places) {
    Question question = questions.get(q);
    String end = question.answer().contains("\n") ? "\n\n" : "\n";
    return new Asked(
        question,
        form.question(questions, q),
        form.alone(questions, q),
        form.encode(question.answer()),
        question.candidates().stream().map(form::encode).toList(),
        places.of(question.gold()),
        form.endsAtNewline() ? end : "");
  }

  private static Asked continued(PromptForm form, Item item) {
    Question question = item.questions().getFirst();
    int[] none = new int[0];
    return new Asked(question, none, none, form.encode(question.answer()), List.of(), none, "");
  }

  /** Whether nothing is asked: the text goes on by itself. */
  static boolean continues(Item item) {
    Question first = item.questions().getFirst();
    return first.metric() == Metric.LIKELIHOOD && first.text().isEmpty();
  }

  /**
   * Identity of a question as this model sees it. Another model that counts other tokens in the
   * same words has other items.
   */
  String sha(int question) {
    return Digest.hex(item.digest(question), prompt.length, asked.get(question).ids().length);
  }

  /** Those of all questions. */
  List<String> shas() {
    return IntStream.range(0, asked.size()).mapToObj(this::sha).toList();
  }

  /** Whether nobody knows a right answer: what plans predict is compared with f16. */
  static boolean isCompared(Item item) {
    return item.questions().getFirst().metric() == Metric.LIKELIHOOD;
  }

  /** Tokens of the longest question with its answer: what a fork grows by. */
  int longest() {
    return asked.stream()
        .mapToInt(
            one -> one.ids().length + Math.max(one.answer().length, one.question().answerTokens()))
        .max()
        .orElseThrow();
  }
}
