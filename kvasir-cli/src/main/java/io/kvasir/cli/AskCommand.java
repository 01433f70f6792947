package io.kvasir.cli;

import io.kvasir.engine.Generation;
import io.kvasir.engine.GenerationOptions;
import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.Precision;
import io.kvasir.engine.chat.ChatMessage;
import io.kvasir.engine.chat.SharedReading;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kvasir ask}: reads a document once, then answers questions about it. */
@Command(
    name = "ask",
    description = "Reads a document once and answers questions about it.",
    mixinStandardHelpOptions = true)
final class AskCommand implements Callable<Integer> {
  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private KvArguments kv = new KvArguments();
  @Mixin private SamplingArguments sampling = new SamplingArguments();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "The document, plain text; default: standard input.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--system", paramLabel = "TEXT", description = "A system prompt.")
  private Optional<String> system = Optional.empty();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Parameters(arity = "1..*", paramLabel = "QUESTION", description = "Asked one by one.")
  private List<String> questions = List.of();

  /**
   * What {@code --json} prints.
   *
   * @param readSeconds for the document
   */
  private record Result(
      String model,
      String fingerprint,
      String prefill,
      String precision,
      String products,
      long seed,
      String document,
      KvFacts kv,
      double readSeconds,
      List<Answer> answers) {}

  /**
   * @param ttftSeconds from the question, the document being read, to the first token
   */
  private record Answer(
      String question,
      String answer,
      String finishReason,
      List<Integer> ids,
      double ttftSeconds,
      double tokensPerSecond) {}

  @Override
  public Integer call() {
    for (int i = 0; i < questions.size(); i++) {
      if (questions.get(i).isBlank()) {
        throw new UsageException("question %d is empty; expected text".formatted(i + 1));
      }
    }
    KvPlan plan = kv.plan();
    GenerationOptions options = sampling.options();
    Document document = Document.read(file);
    try (Model loaded = load(document);
        Interrupts interrupts = Interrupts.listen();
        SharedReading reading = read(loaded, plan, document, interrupts)) {
      ask(loaded, reading, options, document, interrupts);
      return interrupts.requested() ? Interrupts.EXIT_CODE : 0;
    }
  }

  /** Loads the model, unless the document alone is too long for it. */
  private Model load(Document document) {
    try (ModelFile opened = ModelFile.open(model.name().file())) {
      int most = opened.config().contextLength();
      int context = model.options(Precision.FAST).context().orElse(most);
      int tokens = opened.tokenizer().encode(document.text(), false).length;
      if (tokens > context) {
        throw new UsageException(
            "%s has %d tokens, the context of %s holds %d"
                .formatted(document.name(), tokens, opened.name(), context));
      }
      return model.load(opened, Precision.FAST);
    }
  }

  private SharedReading read(Model loaded, KvPlan plan, Document document, Interrupts interrupts) {
    Prompts.warnWithoutTemplate(loaded);
    List<ChatMessage> before = system.map(ChatMessage::system).stream().toList();
    try (Progress progress = Progress.ofTokens("reading", loaded)) {
      return new SharedReading(loaded, plan, before, document.text(), progress.reading(interrupts));
    }
  }

  private void ask(
      Model loaded,
      SharedReading reading,
      GenerationOptions options,
      Document document,
      Interrupts interrupts) {
    KvFacts cache = KvFacts.of(reading.sequence());
    double readSeconds = reading.sequence().readNanos() / 1e9;
    if (!json) {
      String name = Terminal.line(document.name());
      System.err.printf(Locale.ROOT, "%s read in %.1f s: %s%n", name, readSeconds, cache.text());
    }
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < questions.size() && !interrupts.requested(); i++) {
      answers.add(answer(reading, questions.get(i), options, interrupts));
    }
    if (json) {
      System.out.println(
          Json.pretty(
              new Result(
                  loaded.name(),
                  loaded.fingerprint(),
                  PrefillMode.EXACT.toString(),
                  loaded.precision().toString(),
                  loaded.products(),
                  options.sampling().seed(),
                  document.name(),
                  cache,
                  readSeconds,
                  answers)));
    }
  }

  private Answer answer(
      SharedReading reading, String question, GenerationOptions options, Interrupts interrupts) {
    if (!json && questions.size() > 1) {
      System.out.println("> " + Terminal.shown(question));
    }
    Generation generation;
    try (Progress progress = Progress.ofTokens("reading", reading.sequence().model())) {
      generation =
          reading.ask(
              question,
              options,
              progress.reading(interrupts),
              (id, text) -> {
                progress.close();
                say(text);
                interrupts.check();
              });
    }
    Speed speed = Speed.of(generation);
    if (!json) {
      System.out.println();
      System.err.println(speed.text());
    }
    return new Answer(
        question,
        generation.text(),
        generation.finishReason().toString(),
        generation.ids(),
        speed.ttftSeconds(),
        speed.tokensPerSecond());
  }

  private void say(String text) {
    if (!json) {
      Terminal.stream(text);
    }
  }
}
