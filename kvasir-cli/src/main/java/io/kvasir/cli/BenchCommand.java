package io.kvasir.cli;

import io.kvasir.cli.bench.Bench;
import io.kvasir.cli.bench.BenchCase;
import io.kvasir.cli.bench.BenchReport;
import io.kvasir.cli.bench.BenchSubject;
import io.kvasir.cli.bench.LimitsReport;
import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import io.kvasir.kernel.probe.MachineLimits;
import io.kvasir.kv.KvPlan;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code kvasir bench}: speed and memory, with the tests and formats of llama-bench. */
@Command(
    name = "bench",
    description = {
      "Measures speed and memory, as llama-bench does.",
      "Tests and output formats have its names. Several values of an option, separated by"
          + " commas, are all combined.",
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Runnable {
  @Mixin private ModelName name = new ModelName();

  @Option(
      names = {"-p", "--n-prompt"},
      paramLabel = "N",
      split = ",",
      description = "Test ppN: reads a prompt of N tokens; 0 for none. Default 512.")
  private List<Integer> prompts = List.of(512);

  @Option(
      names = {"-n", "--n-gen"},
      paramLabel = "N",
      split = ",",
      description = "Test tgN: decodes N tokens; 0 for none. Default 128.")
  private List<Integer> generated = List.of(128);

  @Option(
      names = "-pg",
      paramLabel = "P,N",
      converter = Pairs.class,
      description = "Test ppP+tgN: reads P tokens and decodes N; may be given several times.")
  private List<BenchCase.Pair> pairs = List.of();

  @Option(
      names = {"-d", "--n-depth"},
      paramLabel = "D",
      split = ",",
      description = "Tokens in the cache before each test. Default 0.")
  private List<Integer> depths = List.of(0);

  @Option(
      names = {"-npl", "--n-parallel"},
      paramLabel = "S",
      split = ",",
      description = "Sequences that decode side by side in test tgN. Default 1.")
  private List<Integer> parallel = List.of(1);

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "R",
      description = "Measured runs of each test. Default 5.")
  private int repetitions = 5;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "T",
      split = ",",
      description = "Threads that compute; default: one per processor.")
  private List<Integer> threads = List.of(ModelOptions.DEFAULT.threads());

  @Option(
      names = "--kv",
      paramLabel = "PLAN",
      description = "A plan; may be given several times. Default f16.")
  private List<String> plans = List.of("f16");

  @Option(names = "--precision", paramLabel = "exact|fast", description = "Default fast.")
  private Precision precision = Precision.FAST;

  @Option(names = "--no-warmup", description = "Measure from the first run on.")
  private boolean cold;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "md|json|jsonl|csv",
      description = "Format. Default md.")
  private BenchReport.Format format = BenchReport.Format.MD;

  @Option(names = "--json", description = "The same as -o json.")
  private boolean json;

  @Option(names = "--limits", description = "Measures what this machine can do, and no model.")
  private boolean limitsAlone;

  /** {@code 512,64}. */
  static final class Pairs implements ITypeConverter<BenchCase.Pair> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}),(\\d{1,9})");

    @Override
    public BenchCase.Pair convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "\"" + text + "\" is no pair of prompt and generated tokens, such as 512,64");
      }
      return new BenchCase.Pair(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }
  }

  @Override
  public void run() {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (limitsAlone) {
      new LimitsReport(json ? BenchReport.Format.JSON : format, out, Json::line).print(threads);
      return;
    }
    List<KvPlan> parsed = plans.stream().map(KvPlan::parse).toList();
    List<BenchCase> tests = BenchCase.all(prompts, generated, pairs, depths, parallel);
    try (BenchReport report =
        new BenchReport(json ? BenchReport.Format.JSON : format, out, Json::line, parsed)) {
      for (int team : threads) {
        run(team, parsed, tests, report);
      }
    }
  }

  private void run(int team, List<KvPlan> parsed, List<BenchCase> tests, BenchReport report) {
    MachineLimits limits = LimitsProcess.measure(team);
    ModelOptions options = ModelOptions.DEFAULT.withThreads(team).withPrecision(precision);
    BenchSubject subject;
    Model loaded;
    try (ModelFile file = ModelFile.open(name.file())) { // mapped, it would count as resident
      loaded = file.load(options);
      subject = BenchSubject.of(limits, file, loaded);
    }
    try (Model model = loaded) {
      Bench bench = new Bench(model, limits, repetitions, !cold);
      for (KvPlan plan : parsed) {
        try (BenchProgress progress = new BenchProgress()) {
          bench.run(
              plan,
              tests,
              progress,
              result -> {
                progress.close();
                report.add(subject, result);
              });
        }
      }
    }
  }
}
