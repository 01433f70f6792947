package io.kvasir.engine.chat;

import io.kvasir.engine.Generation;
import io.kvasir.engine.GenerationListener;
import io.kvasir.engine.GenerationOptions;
import io.kvasir.engine.Generator;
import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One document, read once, and many questions about it. The document is everything up to the
 * question in one user message; each question is asked on a fork of what was read.
 *
 * <p>So a plan that drops pairs drops them after the document, before it knows any question: what
 * it keeps must serve all of them. The tokens of a question are read as decoding would read them,
 * and none is dropped (but for {@code every=n}).
 *
 * <p>For one thread at a time. Must be closed, before its model.
 */
public final class SharedReading implements AutoCloseable {
  /** Questions that begin in different ways: what their prompts share does not depend on one. */
  private static final List<String> PROBES = List.of("What", "which", "1", "\"", "(");

  private final Model model;
  private final ChatFormat format;
  private final List<ChatMessage> before;
  private final String document;
  private final Sequence read;

  /**
   * Reads a document.
   *
   * @param before messages in front of it, for example a system prompt
   * @throws io.kvasir.engine.ContextException it is longer than the context
   * @throws io.kvasir.engine.template.TemplateException the template refuses the messages
   * @throws java.util.concurrent.CancellationException the listener ended the reading
   */
  public SharedReading(
      Model model, KvPlan plan, List<ChatMessage> before, String document, PassListener listener) {
    this.model = model;
    this.format = ChatFormat.of(model);
    this.before = List.copyOf(before);
    this.document = document;
    int[] shared = Prefix.common(PROBES.stream().map(this::prompt).toList());
    this.read = model.sequence(plan);
    try {
      read.read(shared, listener);
    } catch (RuntimeException | Error e) {
      read.close();
      throw e;
    }
  }

  /**
   * Answers a question. Should its prompt not begin with the tokens that were read, which takes an
   * odd tokenizer, all of it is read for this question alone.
   *
   * @throws io.kvasir.engine.ContextException document and question are longer than the context
   * @throws java.util.concurrent.CancellationException the reading was cancelled
   */
  public Generation ask(
      String question, GenerationOptions options, PassListener reading, GenerationListener answer) {
    int[] ids = prompt(question.strip());
    boolean shared = Prefix.extendsBy(read.ids(), ids);
    try (Sequence sequence = shared ? read.fork() : model.sequence(read.plan())) {
      float[] logits = sequence.read(Arrays.copyOfRange(ids, sequence.seen(), ids.length), reading);
      return Generator.generate(sequence, logits, options, answer);
    }
  }

  /** The document as it was read: its tokens, its pairs. */
  public Sequence sequence() {
    return read;
  }

  private int[] prompt(String question) {
    List<ChatMessage> messages = new ArrayList<>(before);
    messages.add(ChatMessage.user(document + "\n\n" + question));
    return format.encode(messages, true);
  }

  @Override
  public void close() {
    read.close();
  }
}
