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
 * A dialogue of several turns over one sequence. A turn reads only what is new, when the rendered
 * dialogue begins with the tokens that were read before; else, for example when the template
 * rewrites earlier turns, it reads all of it again.
 *
 * <p>The first reading is an exact prefill, after which the plan drops what it drops; later turns
 * are read as decoding would read them, and are dropped by {@code every=n} alone. So a continued
 * dialogue and one that is read again agree bit for bit under plans that neither round nor drop
 * ({@code f32}), and within the plan's error under others.
 *
 * <p>For one thread at a time. Must be closed, before its model.
 */
public final class Conversation implements AutoCloseable {
  private final Model model;
  private final KvPlan plan;
  private final ChatFormat format;
  private final List<ChatMessage> messages = new ArrayList<>();
  private Sequence sequence;
  private int reused;

  public Conversation(Model model, KvPlan plan) {
    this.model = model;
    this.plan = plan;
    this.format = ChatFormat.of(model);
    this.sequence = model.sequence(plan);
  }

  /** Adds a message without asking for an answer: a system prompt, an earlier dialogue. */
  public void add(ChatMessage message) {
    messages.add(message);
  }

  /**
   * Adds what the user says, and the model's answer. When this throws, or the reading is cancelled,
   * neither is added, and the next turn reads again. A cancelled answer is kept as far as it came.
   *
   * @throws io.kvasir.engine.ContextException the dialogue has become longer than the context
   * @throws io.kvasir.engine.template.TemplateException the template refuses the messages
   * @throws java.util.concurrent.CancellationException the reading was cancelled
   */
  public Generation say(
      String text, GenerationOptions options, PassListener reading, GenerationListener answer) {
    List<ChatMessage> asked = new ArrayList<>(messages);
    asked.add(ChatMessage.user(text));
    float[] logits = read(format.encode(asked, true), reading);
    Generation generation = Generator.generate(sequence, logits, options, answer);
    messages.add(asked.getLast());
    messages.add(ChatMessage.assistant(generation.text()));
    return generation;
  }

  private float[] read(int[] ids, PassListener listener) {
    if (!sequence.isOpen() || !Prefix.extendsBy(sequence.ids(), ids)) {
      sequence.close();
      sequence = model.sequence(plan);
    }
    reused = sequence.seen();
    return sequence.read(Arrays.copyOfRange(ids, reused, ids.length), listener);
  }

  /** All messages so far, answers included. */
  public List<ChatMessage> messages() {
    return List.copyOf(messages);
  }

  /** Tokens of the latest turn that had been read before. */
  public int reused() {
    return reused;
  }

  /** What has been read and said; another one after a turn that read all again. */
  public Sequence sequence() {
    return sequence;
  }

  @Override
  public void close() {
    sequence.close();
  }
}
