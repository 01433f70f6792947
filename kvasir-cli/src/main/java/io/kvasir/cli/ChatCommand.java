package io.kvasir.cli;

import io.kvasir.engine.GenerationOptions;
import io.kvasir.engine.Model;
import io.kvasir.engine.Precision;
import io.kvasir.kv.KvPlan;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kvasir chat}: a conversation, line by line. */
@Command(
    name = "chat",
    description = {
      "Talks with a model: each line of standard input is a turn.",
      "At a keyboard: /help lists commands, Ctrl-C ends an answer, Ctrl-D leaves."
    },
    mixinStandardHelpOptions = true)
final class ChatCommand implements Runnable {
  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private KvArguments kv = new KvArguments();
  @Mixin private SamplingArguments sampling = new SamplingArguments();

  @Option(names = "--system", paramLabel = "TEXT", description = "A system prompt.")
  private Optional<String> system = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object per turn.")
  private boolean json;

  @Override
  public void run() {
    KvPlan plan = kv.plan();
    GenerationOptions options = sampling.options();
    try (Model loaded = model.load(Precision.FAST);
        ChatInput input = ChatInput.open();
        Chat chat = new Chat(loaded, plan, options, system, json)) {
      if (input.interactive() && !json) {
        String name = Terminal.line(loaded.name());
        System.err.printf("%s, %s. /help lists commands, Ctrl-D leaves.%n", name, plan);
      }
      chat.run(input);
    }
  }
}
