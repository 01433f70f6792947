package io.kvasir.cli;

import io.kvasir.engine.Model;
import io.kvasir.engine.Precision;
import io.kvasir.engine.calibrate.CalibrationResult;
import io.kvasir.engine.calibrate.CalibrationRun;
import io.kvasir.engine.calibrate.CalibrationStore;
import io.kvasir.engine.fit.ByteSize;
import io.kvasir.kv.Methods;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.Calibrated.Reading;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kvasir calibrate METHOD}: what a method must learn of a model before any prompt. */
@Command(
    name = "calibrate",
    description = {
      "Lets a cache method learn of a model what it must know.",
      "The model reads a text; once for each model and method. Plans find what was learned by"
          + " themselves. Ended early, it goes on where it stood.",
    },
    mixinStandardHelpOptions = true)
final class CalibrateCommand implements Runnable {
  @Mixin private ModelArguments model = new ModelArguments();

  @Parameters(
      paramLabel = "METHOD",
      description = "As in a plan, parameters included: qfilters, \"headkv(scores=r2)\".")
  private String method = "";

  @Option(
      names = "--text",
      paramLabel = "FILE",
      required = true,
      description = "The text; \"-\": standard input. Best of the kind that will be read later.")
  private Path text = Path.of("-");

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Read at most N tokens of it; default: what the method asks for.")
  private Optional<Integer> tokens = Optional.empty();

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "In prompts of N tokens; default: what the method asks for.")
  private Optional<Integer> length = Optional.empty();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public void run() {
    Calibrated calibrated = Methods.all().calibrated(method);
    Reading reading = reading(calibrated.reading());
    String content = TextInput.file(text);
    long start = System.nanoTime();
    CalibrationResult result;
    try (Model loaded = model.loadIn(Precision.EXACT);
        Interrupts interrupts = Interrupts.listen();
        Progress progress = Progress.ofTokens("calibrating", loaded)) {
      CalibrationRun run = new CalibrationRun(loaded, CalibrationStore.ofEnvironment());
      result = run.run(calibrated, content, reading, progress.reading(interrupts));
    }
    if (json) {
      System.out.println(Json.pretty(result));
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "calibrated %s for %s on %d tokens in %.1f s%s: %s (%s)%n",
        result.method(),
        result.model(),
        result.tokens(),
        (System.nanoTime() - start) / 1e9,
        result.resumed() == 0 ? "" : ", the first " + result.resumed() + " layers before that",
        Terminal.line(result.file()),
        ByteSize.text(result.bytes()));
  }

  private Reading reading(Reading standard) {
    return new Reading(
        positive("--tokens", tokens.orElse(standard.tokens())),
        positive("--length", length.orElse(standard.length())));
  }

  private static int positive(String option, int value) {
    if (value < 1) {
      throw new UsageException("%s=%d must be at least 1".formatted(option, value));
    }
    return value;
  }
}
