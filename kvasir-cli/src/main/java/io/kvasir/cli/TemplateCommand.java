package io.kvasir.cli;

import io.kvasir.engine.template.ChatTemplate;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kvasir template}: what a chat template makes of a conversation. Needs no model. */
@Command(
    name = "template",
    description = "Renders a chat template.",
    mixinStandardHelpOptions = true)
final class TemplateCommand implements Runnable {
  @Option(names = "--template", paramLabel = "FILE", description = "The template, Jinja.")
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
      Batch.run((request, interrupts) -> answer(request));
      return;
    }
    Path file =
        template.orElseThrow(() -> new UsageException("give --template FILE, or use --jsonl"));
    Rendered rendered =
        render(
            TextInput.file(file),
            Json.object(TextInput.file(context)),
            now.map(TemplateCommand::time));
    System.out.println(json ? Json.pretty(rendered) : Terminal.shown(rendered.text()));
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
