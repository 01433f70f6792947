package io.kvasir.eval.data;

import io.kvasir.eval.task.Question;
import java.util.List;

/**
 * A text and questions about it, of any length.
 *
 * @param place where it was read, {@code file:line}
 * @param task what its results are listed under: the benchmark and its part
 * @param context what is read and compressed
 * @param questions at least one
 * @param aware whether the question is part of the context, so that it can only be asked {@link
 *     io.kvasir.eval.task.Protocol#AWARE aware}: the question's own text is empty then
 */
public record Document(
    String place, String task, String context, List<Question> questions, boolean aware) {

  public Document {
    questions = List.copyOf(questions);
  }
}
