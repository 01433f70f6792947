package io.kvasir.cli;

import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.template.ChatTemplate;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kvasir template}: what a chat template makes of a conversation. Loads no model. */
@Command(
    name = "template",
    description = "Renders a chat template.",
    mixinStandardHelpOptions = true)
final class TemplateCommand implements Runnable {
  private static final String CHAT_TEMPLATE = "tokenizer.chat_template";

  @Mixin private ModelName model = new ModelName();

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description = "The template, Jinja; default: the one in the model's file.")
  private Optional<Path> template = Optional.empty();

  @Option(
      names = "--context",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "Its variables, a JSON object; default: standard input.")
  private Path context = Path.of("-");

  @Option(
      names = "--now",
      paramLabel = "TIME",
      description = "The local time it sees, like 2026-01-31T09:30:00; default: the clock.")
  private Optional<String> now = Optional.empty();

  @Option(names = "--json", description = "Print {\"text\"} instead of the text.")
  private boolean json;

  @Option(
      names = "--jsonl",
      description =
          "Batch mode, a JSON object per line: {\"template\", \"context\", \"now\"?} in,"
              + " {\"text\"} out.")
  private boolean jsonl;

  private record Rendered(String text) {}

  @Override
  public void run() {
    if (jsonl) {
      if (template.isPresent()) {
        throw new UsageException(
            "with --jsonl the templates stand in the lines; expected no --template");
      }
      Batch.run((request, interrupts) -> answer(request));
      return;
    }
    String source = template.map(TextInput::file).orElseGet(this::ofModel);
    Rendered rendered =
        render(source, Json.object(TextInput.file(context)), now.map(TemplateCommand::time));
    System.out.println(json ? Json.pretty(rendered) : Terminal.shown(rendered.text()));
  }

  private String ofModel() {
    try (GgufFile file = GgufFile.open(model.file())) {
      if (!file.metadata().has(CHAT_TEMPLATE)) {
        throw new UsageException(file.path() + " has no chat template; give --template FILE");
      }
      return file.metadata().string(CHAT_TEMPLATE);
    }
  }

  private Rendered answer(Request request) {
    request.allow("template", "context", "now");
    Optional<LocalDateTime> time =
        request.has("now") ? Optional.of(time(request.string("now"))) : Optional.empty();
    return render(request.string("template"), request.object("context"), time);
  }

  private static Rendered render(
      String source, Map<String, Object> variables, Optional<LocalDateTime> time) {
    return new Rendered(
        ChatTemplate.parse(source)
            .render(variables, time.orElseGet(() -> LocalDateTime.now(ZoneId.systemDefault()))));
  }

  private static LocalDateTime time(String text) {
    try {
      return LocalDateTime.parse(text);
    } catch (DateTimeParseException e) {
      throw new UsageException(
          "now is \"" + text + "\"; expected a local time like 2026-01-31T09:30:00");
    }
  }
}
