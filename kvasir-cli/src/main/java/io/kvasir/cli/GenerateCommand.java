package io.kvasir.cli;

import io.kvasir.engine.Generation;
import io.kvasir.engine.GenerationListener;
import io.kvasir.engine.GenerationOptions;
import io.kvasir.engine.Generator;
import io.kvasir.engine.Model;
import io.kvasir.engine.Precision;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.chat.ChatMessage;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kvasir generate}: continues a text, or answers one message. */
@Command(
    name = "generate",
    description = {
      "Continues a text, or answers one chat message.",
      "Prints the continuation and nothing else.",
    },
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  private static final String NO_PROMPT = "give --text TEXT or --message TEXT, or pipe a text in";

  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private SamplingArguments sampling = new SamplingArguments();
  @Mixin private KvArguments kv = new KvArguments();

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "The text to continue; \"-\", or without --message: standard input.")
  private Optional<String> text = Optional.empty();

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      description = "What a user says, to be answered; \"-\": standard input.")
  private Optional<String> message = Optional.empty();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "A system prompt in front of --message.")
  private Optional<String> system = Optional.empty();

  @Option(names = "--ignore-eos", description = "Go on when the model means to stop.")
  private boolean ignoreEos;

  @Option(
      names = "--json",
      description = "Print ids, text, why it ended, and the cache's size as JSON.")
  private boolean json;

  @Option(
      names = "--jsonl",
      description =
          "Batch mode, a JSON object per line: {\"ids\" or \"text\" or \"messages\", ...} in,"
              + " {\"ids\", \"text\", \"finish_reason\", \"kv\"} out.")
  private boolean jsonl;

  /**
   * @param bytes that the cache holds in the end
   * @param pairs in it, over all layers and heads
   */
  private record CacheUse(String plan, long bytes, long pairs) {}

  private record Answer(
      List<Integer> ids,
      String text,
      String finishReason,
      CacheUse kv,
      String prefill,
      String precision,
      String products) {}

  @Override
  public Integer call() {
    GenerationOptions options = sampling.options().withIgnoreEos(ignoreEos);
    KvPlan plan = kv.plan();
    if (jsonl) {
      return batch(plan, options);
    }
    // What is missing is said before the model is loaded.
    List<ChatMessage> messages = messages();
    String prompt = message.isPresent() ? "" : prompt();
    try (Model loaded = model.load(Precision.FAST);
        Interrupts interrupts = Interrupts.listen()) {
      Prompts prompts = new Prompts(loaded);
      int[] ids = message.isPresent() ? prompts.messages(messages) : prompts.text(prompt);
      Answer answer = answer(loaded, plan, ids, options, interrupts, !json);
      System.out.println(json ? Json.pretty(answer) : "");
      return interrupts.requested() ? Interrupts.EXIT_CODE : 0;
    }
  }

  private String prompt() {
    if (system.isPresent()) {
      throw new UsageException("--system goes with --message, a text has no system prompt");
    }
    return text.map(TextInput::of).orElseGet(() -> TextInput.piped(NO_PROMPT));
  }

  private List<ChatMessage> messages() {
    if (message.isPresent() && text.isPresent()) {
      throw new UsageException("--text and --message exclude each other");
    }
    List<ChatMessage> messages = new ArrayList<>();
    system.map(ChatMessage::system).ifPresent(messages::add);
    message.map(TextInput::of).map(ChatMessage::user).ifPresent(messages::add);
    return messages;
  }

  private int batch(KvPlan plan, GenerationOptions options) {
    if (text.isPresent() || message.isPresent() || system.isPresent()) {
      throw new UsageException(
          "with --jsonl the prompts stand in the lines, as \"text\" or \"messages\"");
    }
    try (Model loaded = model.load(Precision.FAST)) {
      Prompts prompts = new Prompts(loaded);
      Batch.run(
          (request, interrupts) -> answer(loaded, prompts, plan, options, request, interrupts));
    }
    return 0;
  }

  private static Answer answer(
      Model model,
      Prompts prompts,
      KvPlan plan,
      GenerationOptions options,
      Request request,
      Interrupts interrupts) {
    request.allow(
        "ids",
        "text",
        "messages",
        "kv",
        "max_tokens",
        "temperature",
        "top_k",
        "top_p",
        "min_p",
        "repetition_penalty",
        "seed",
        "stop",
        "ignore_eos");
    GenerationOptions its = SamplingArguments.override(options, request);
    KvPlan itsPlan = request.has("kv") ? KvPlan.parse(request.string("kv")) : plan;
    int[] ids = prompts.withMessages(request);
    return answer(model, itsPlan, ids, its, interrupts, false);
  }

  /**
   * @param stream whether the text is printed as it comes
   */
  private static Answer answer(
      Model model,
      KvPlan plan,
      int[] ids,
      GenerationOptions options,
      Interrupts interrupts,
      boolean stream) {
    try (Sequence sequence = model.sequence(plan)) {
      float[] logits;
      try (Progress progress = Progress.ofTokens("reading", model)) {
        logits = sequence.read(ids, progress.reading(interrupts));
      }
      Generation generation;
      try (Progress progress = new Progress("generating")) {
        GenerationListener heard =
            stream ? (id, text) -> Terminal.stream(text) : progress.tokens(options.maxTokens());
        generation =
            Generator.generate(
                sequence,
                logits,
                options,
                (id, text) -> {
                  heard.token(id, text);
                  interrupts.check();
                });
      }
      return new Answer(
          generation.ids(),
          generation.text(),
          generation.finishReason().toString(),
          new CacheUse(plan.toString(), sequence.cache().bytes(), sequence.cache().pairs()),
          PrefillMode.EXACT.toString(),
          model.precision().toString(),
          model.products());
    }
  }
}
