package io.kvasir.cli;

import io.kvasir.cli.bench.CostProbe;
import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** {@code kvasir eval measure}: what {@link CostProcess} starts, not for people. */
@Command(
    name = "measure",
    description = "Measures what one plan costs; reads its task from standard input, as JSON.",
    hidden = true,
    mixinStandardHelpOptions = true)
final class EvalMeasureCommand implements Runnable {
  @Override
  public void run() {
    CostProcess.Task task = Json.read(input(), CostProcess.Task.class);
    ModelOptions options =
        ModelOptions.DEFAULT.withThreads(task.threads()).withPrecision(Precision.FAST);
    try (Model model = Model.load(Path.of(task.model()), options)) {
      System.out.println(Json.line(CostProbe.measure(model, task.order())));
    }
  }

  private static String input() {
    try {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
