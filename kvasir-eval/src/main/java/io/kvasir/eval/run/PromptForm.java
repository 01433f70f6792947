package io.kvasir.eval.run;

import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.engine.chat.ChatMessage;
import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.eval.InputException;
import io.kvasir.eval.task.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a model wants around the texts of a task. A model with a chat template sees one user
 * message, cut in two after the context; any other sees plain text, and on the question's side two
 * demonstrations: other questions about the same context with their answers.
 *
 * <p>Context, question, prefix and answer are tokenised apart, so that no token spans two of them.
 */
final class PromptForm {
  private static final int DEMONSTRATIONS = 2;

  /** Messages that begin and end in different ways: what their prompts share depends on none. */
  private static final List<String> PROBES = List.of("What", "1", "(is)", "\"so\"", "none;");

  private static final String GAP = "\n\n";

  private final Tokenizer tokenizer;
  private final ChatFormat format;
  private final boolean chat;
  private final int[] head; // before the context
  private final int[] tail; // behind the question: the beginning of an answer

  private PromptForm(Tokenizer tokenizer, ChatFormat format, boolean chat, int[] head, int[] tail) {
    this.tokenizer = tokenizer;
    this.format = format;
    this.chat = chat;
    this.head = head;
    this.tail = tail;
  }

  /**
   * @throws io.kvasir.engine.template.TemplateException the template goes wrong
   */
  static PromptForm of(Tokenizer tokenizer, ChatFormat format) {
    if (!format.hasTemplate()) {
      return new PromptForm(tokenizer, format, false, tokenizer.withBos(new int[0]), new int[0]);
    }
    List<int[]> prompts =
        PROBES.stream()
            .map(probe -> format.encode(List.of(ChatMessage.user(probe)), true))
            .toList();
    return new PromptForm(tokenizer, format, true, commonHead(prompts), commonTail(prompts));
  }

  /** Whether an answer ends with its line: so do the demonstrations'. */
  boolean endsAtNewline() {
    return !chat;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  int count(String text) {
    return encode(text).length;
  }

  int[] encode(String text) {
    return tokenizer.encode(text, false);
  }

  /** Tokens of a context as it is read: template and text. */
  int[] context(String text) {
    return join(head, encode(text));
  }

  /** Tokens of a text that goes on by itself, without a template. */
  int[] plain(String text) {
    return tokenizer.withBos(encode(text));
  }

  /** Tokens behind a context: the question as far as the answer's prefix. */
  int[] question(List<Question> all, int asked) {
    Question question = all.get(asked);
    if (question.text().isEmpty()) { // it stands at the end of the context
      return join(tail, encode(question.prefix()));
    }
    if (chat) {
      return join(encode(GAP + question.text()), tail, encode(question.prefix()));
    }
    return encode(GAP + demonstrations(all, asked) + line(question));
  }

  /** Tokens of a question alone, nothing read before. */
  int[] alone(List<Question> all, int asked) {
    Question question = all.get(asked);
    return chat
        ? join(head, encode(question.text()), tail, encode(question.prefix()))
        : join(head, encode(demonstrations(all, asked) + line(question)));
  }

  /** Tokens between an answer and the next question. */
  int[] afterAnswer() {
    if (!chat) {
      return encode("\n");
    }
    List<int[]> rests = new ArrayList<>();
    for (String probe : PROBES) {
      int[] turns =
          format.encode(
              List.of(
                  ChatMessage.user(probe), ChatMessage.assistant("yes"), ChatMessage.user(probe)),
              true);
      int[] first = join(head, encode(probe), tail, encode("yes"));
      if (Arrays.mismatch(first, turns) != first.length) {
        throw new InputException(
            "protocol turns needs a template that keeps earlier turns as they were; this model's"
                + " rewrites them");
      }
      rests.add(Arrays.copyOfRange(turns, first.length, turns.length));
    }
    return commonHead(rests);
  }

  /** Tokens of a question that follows an answer. */
  int[] nextQuestion(Question question) {
    return chat
        ? join(encode(question.text()), tail, encode(question.prefix()))
        : encode(line(question));
  }

  /** Tokens that stand around the question about {@code asked}: template, gap, demonstrations. */
  int around(List<Question> all, int asked) {
    Question question = all.get(asked);
    return head.length + question(all, asked).length - count(question.text() + question.prefix());
  }

  private static String line(Question question) {
    return "Question: %s\nAnswer: %s".formatted(question.text(), question.prefix());
  }

  private static String demonstrations(List<Question> all, int asked) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= Math.min(DEMONSTRATIONS, all.size() - 1); i++) {
      Question shown = all.get((asked + i) % all.size());
      if (!shown.answer().isEmpty()) { // nobody knows the right ones of a user's document
        text.append(line(shown)).append(shown.answer()).append('\n');
      }
    }
    return text.toString();
  }

  private static int[] commonHead(List<int[]> lists) {
    int[] common = lists.getFirst();
    for (int[] list : lists) {
      int end = Arrays.mismatch(common, list);
      common = end < 0 ? common : Arrays.copyOf(common, end);
    }
    return common;
  }

  private static int[] commonTail(List<int[]> lists) {
    return reversed(commonHead(lists.stream().map(PromptForm::reversed).toList()));
  }

  private static int[] reversed(int[] ids) {
    return IntStream.range(0, ids.length).map(i -> ids[ids.length - 1 - i]).toArray();
  }

  static int[] join(int[]... parts) {
    return Stream.of(parts).flatMapToInt(IntStream::of).toArray();
  }
}
