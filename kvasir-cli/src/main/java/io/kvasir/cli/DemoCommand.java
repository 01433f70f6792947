package io.kvasir.cli;

import io.kvasir.cli.demo.Demo;
import io.kvasir.cli.demo.DemoDocument;
import io.kvasir.cli.demo.DemoPlan;
import io.kvasir.cli.demo.DemoReport;
import io.kvasir.cli.demo.DemoResult;
import io.kvasir.engine.Model;
import io.kvasir.engine.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kvasir demo}: one document, many caches, what each saves and what it loses. */
@Command(
    name = "demo",
    description = {
      "Compares compressed caches with the full one on a real document.",
      "Reads a document with planted facts once, asks every cache for the facts, and shows memory,"
          + " speed and quality side by side. Pulls the model if needed.",
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Runnable {
  @Mixin private ModelArguments model = new ModelArguments();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A text to plant the facts in; default: licence texts of the JDK.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--kv",
      paramLabel = "PLAN",
      description = "A plan to compare with the full cache; repeatable. Default: a choice of them.")
  private List<String> plans = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Where the report goes; default ${DEFAULT-VALUE}.")
  private Path report = Path.of("demo-report.html");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    List<DemoPlan> comparison = DemoPlan.comparison(plans);
    AtomicFile.check(report);
    DemoDocument document = document();
    model.name().pull();
    DemoResult result;
    try (Interrupts interrupts = Interrupts.listen();
        Model loaded = model.load(Precision.FAST)) {
      interrupts.check();
      Prompts.warnWithoutTemplate(loaded);
      System.err.println(
          Terminal.line(
              "%s reads %s for %d plans"
                  .formatted(loaded.name(), document.source(), comparison.size())));
      try (DemoBars bars = new DemoBars(interrupts)) {
        result = Demo.run(loaded, document, comparison, spec.root().version()[0], bars);
      }
    }
    AtomicFile.write(report, DemoReport.html(result, Json.pretty(result)));
    if (json) {
      System.out.println(Json.pretty(result));
    } else {
      DemoTable.print(result, System.out);
      System.out.println("Everything, with pictures: " + report);
    }
  }

  private DemoDocument document() {
    if (file.isEmpty()) {
      return DemoDocument.ofJdk(Path.of(System.getProperty("java.home")));
    }
    Document document = Document.read(file);
    return DemoDocument.plant(document.name(), document.text());
  }
}
