package io.kvasir.cli;

import io.kvasir.engine.ContextException;
import io.kvasir.engine.FinishReason;
import io.kvasir.engine.Generation;
import io.kvasir.engine.GenerationOptions;
import io.kvasir.engine.Model;
import io.kvasir.engine.chat.ChatMessage;
import io.kvasir.engine.chat.Conversation;
import io.kvasir.engine.template.TemplateException;
import io.kvasir.kv.KvPlan;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import org.jline.terminal.spi.SystemStream;

/**
 * The turns of one chat. Answers go to standard output as they come; what is said about them goes
 * to standard error, the figures of a turn only where somebody watches.
 */
final class Chat implements AutoCloseable {
  private static final Pattern COMMAND = Pattern.compile("/[a-z]+");
  private static final String COMMANDS =
      """
      /help    this list
      /kv      what the cache holds
      /reset   forget everything but the system prompt
      /exit    leave, as Ctrl-D does
      Ctrl-C ends an answer. A line that ends in \\ goes on in the next one.""";

  private final Model model;
  private final KvPlan plan;
  private final GenerationOptions options;
  private final Optional<String> system;
  private final boolean json;
  private final boolean watched = Terminal.isTerminal(SystemStream.Error);
  private Conversation conversation;

  /** What {@code --json} prints of a turn. */
  private record Turn(
      String text,
      String finishReason,
      List<Integer> ids,
      KvFacts kv,
      double ttftSeconds,
      double tokensPerSecond) {}

  Chat(Model model, KvPlan plan, GenerationOptions options, Optional<String> system, boolean json) {
    this.model = model;
    this.plan = plan;
    this.options = options;
    this.system = system;
    this.json = json;
    this.conversation = begin();
    Prompts.warnWithoutTemplate(model);
  }

  private Conversation begin() {
    Conversation fresh = new Conversation(model, plan);
    system.map(ChatMessage::system).ifPresent(fresh::add);
    return fresh;
  }

  /**
   * Takes turns until the input ends. At a keyboard a turn that fails is told and the chat goes on;
   * piped turns build on each other, so there the first failure ends it.
   */
  void run(ChatInput input) {
    for (Optional<String> line = input.next(); line.isPresent(); line = input.next()) {
      String text = line.get().strip();
      if (text.equals("/exit")) {
        return;
      }
      if (COMMAND.matcher(text).matches()) {
        command(text);
        continue;
      }
      try {
        turn(line.get());
      } catch (ContextException | TemplateException | CancellationException e) {
        if (!input.interactive()) {
          throw e;
        }
        System.err.println(Terminal.line(Failures.sentence(e)));
      }
    }
  }

  private void command(String command) {
    switch (command) {
      case "/help" -> System.err.println(COMMANDS);
      case "/kv" -> System.err.println(plan + ": " + cache());
      case "/reset" -> {
        conversation.close();
        conversation = begin();
      }
      default -> System.err.println("no command " + command + "; /help lists them");
    }
  }

  private String cache() {
    return conversation.sequence().isOpen()
        ? KvFacts.of(conversation.sequence()).text()
        : "nothing; the next turn reads the conversation again";
  }

  /**
   * One question and its answer.
   *
   * @throws CancellationException Ctrl-C was pressed
   */
  private void turn(String text) {
    Generation answer;
    try (Interrupts interrupts = Interrupts.listen();
        Progress progress = Progress.ofTokens("reading", model)) {
      answer =
          conversation.say(
              text,
              options,
              progress.reading(interrupts),
              (id, part) -> {
                progress.close();
                say(part);
                interrupts.check();
              });
    }
    tell(answer);
    if (answer.finishReason() == FinishReason.CANCELLED) {
      throw new CancellationException("interrupted");
    }
  }

  private void say(String part) {
    if (!json) {
      Terminal.stream(part);
    }
  }

  private void tell(Generation answer) {
    KvFacts kv = KvFacts.of(conversation.sequence());
    Speed speed = Speed.of(answer);
    if (json) {
      System.out.println(
          Json.line(
              new Turn(
                  answer.text(),
                  answer.finishReason().toString(),
                  answer.ids(),
                  kv,
                  speed.ttftSeconds(),
                  speed.tokensPerSecond())));
      return;
    }
    System.out.println();
    if (watched) {
      System.err.println(dim("[" + kv.text() + "; " + speed.text() + "]"));
    }
  }

  private static String dim(String text) {
    return "dumb".equals(System.getenv("TERM")) ? text : "\u001b[2m" + text + "\u001b[0m";
  }

  @Override
  public void close() {
    conversation.close();
  }
}
