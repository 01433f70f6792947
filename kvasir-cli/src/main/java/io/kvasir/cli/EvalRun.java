package io.kvasir.cli;

import io.kvasir.cli.bench.Build;
import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import io.kvasir.engine.fit.ByteSize;
import io.kvasir.engine.fit.MachineMemory;
import io.kvasir.eval.cost.CostPlan;
import io.kvasir.eval.run.LeftOut;
import io.kvasir.eval.run.ModelRows;
import io.kvasir.eval.run.Sweep;
import io.kvasir.eval.run.SweepRun;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.RunRow;
import io.kvasir.eval.store.SummaryRow;
import io.kvasir.eval.task.Task;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/**
 * One start of a sweep: checks, weighs, and prints what came out.
 *
 * @param costs what cost is measured of; nothing: none is
 * @param models their files
 * @param out the folder of results.duckdb
 * @param most when to stop
 * @param memory what caches may hold
 * @param threads that compute
 */
record EvalRun(
    Sweep sweep,
    Optional<CostPlan> costs,
    List<Path> models,
    Path out,
    Optional<Duration> most,
    Optional<String> memory,
    Optional<Integer> threads) {

  /** How the numbers of a sweep are computed: in the precision of all checks. */
  private static final Precision PRECISION = Precision.EXACT;

  /** Refuses what can be known to be wrong before weights are loaded. */
  void check() {
    memory.ifPresent(size -> ByteSize.parse("--mem", size));
    for (Path model : models) {
      try (ModelFile file = ModelFile.open(model)) {
        sweep.check(file);
        LeftOut.of(sweep, file).forEach(Terminal::tell);
      }
    }
  }

  void describe(PrintStream output) {
    output.printf(
        "%d models, %d plans and controls, tasks %s, ctx %s, %d contexts of each: %d cells%n",
        models.size(), sweep.subjects().size(), tasks(), sweep.ctxs(), sweep.contexts(), cells());
    sweep.subjects().forEach(subject -> output.println("  " + subject));
    costs.ifPresent(
        plan ->
            output.printf(
                "cost of %d plans and controls, %d rounds at each ctx: %d processes%n",
                plan.plans().size(),
                plan.rounds(),
                Math.multiplyExact(models.size(), plan.measurements())));
  }

  private String tasks() {
    return sweep.tasks().stream().map(Task::name).collect(Collectors.joining(","));
  }

  private int cells() {
    return Math.multiplyExact(models.size(), sweep.cells());
  }

  void run(boolean json) {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String runId = UUID.randomUUID().toString();
    try (Results results = Results.open(out.resolve("results.duckdb"))) {
      Instant start = Instant.now().truncatedTo(ChronoUnit.MICROS);
      int failed = weigh(results, runId, start);
      List<SummaryRow> rows =
          results.rows(SummaryRow.class).stream().filter(row -> row.runId().equals(runId)).toList();
      if (json) {
        System.out.println(Json.pretty(rows));
      } else {
        EvalTable.print(results, rows, sweep.planTexts(), System.out);
        costs.ifPresent(plan -> printCosts(results));
      }
      if (failed > 0) {
        throw new IllegalStateException(
            "failed: %d cells or measurements; the answers of cells in %s say why"
                .formatted(failed, out.resolve("results.duckdb")));
      }
    }
  }

  private void printCosts(Results results) {
    for (Path model : models) {
      try (ModelFile file = ModelFile.open(model)) {
        EvalCostTable.print(
            results, file.name(), file.fingerprint(), sweep.planTexts(), System.out);
      }
    }
  }

  private int weigh(Results results, String runId, Instant start) {
    String status = "failed";
    results.put(runRow(runId, start, "running"));
    Deadline deadline = new Deadline(start, most);
    try (Interrupts interrupts = Interrupts.listen()) {
      results.put(EvalEnvironment.of(runId, team()));
      int failed = 0;
      for (Path model : models) {
        failed += weigh(model, results, runId, deadline, interrupts);
        failed += cost(model, results, runId, deadline, interrupts);
      }
      status = failed > 0 ? "failed" : "done";
      return failed;
    } catch (Deadline.PassedException e) {
      status = "stopped";
      Terminal.tell(
          "stopped after %s; the same command goes on from there"
              .formatted(most.map(Duration::toString).orElse("")));
      return 0;
    } catch (CancellationException e) {
      status = "stopped";
      throw e;
    } finally {
      results.put(runRow(runId, start, status));
    }
  }

  private int weigh(
      Path path, Results results, String runId, Deadline deadline, Interrupts interrupts) {
    try (ModelFile file = ModelFile.open(path)) {
      results.put(ModelRows.of(file));
    }
    ModelOptions options = ModelOptions.DEFAULT.withPrecision(PRECISION);
    try (Model model = Model.load(path, threads.map(options::withThreads).orElse(options));
        EvalProgress progress = new EvalProgress("weighing", interrupts, deadline)) {
      long bytes =
          memory
              .map(size -> ByteSize.parse("--mem", size))
              .orElseGet(() -> MachineMemory.now().bytes() / 2);
      return SweepRun.run(sweep, model, runId, Build.hash(), bytes, results, progress);
    }
  }

  private int cost(
      Path path, Results results, String runId, Deadline deadline, Interrupts interrupts) {
    if (costs.isEmpty()) {
      return 0;
    }
    try (ModelFile file = ModelFile.open(path);
        EvalProgress progress = new EvalProgress("measuring", interrupts, deadline)) {
      return new EvalCost(costs.get(), sweep.prose(), team()).run(file, runId, results, progress);
    }
  }

  private int team() {
    return threads.orElse(ModelOptions.DEFAULT.threads());
  }

  private RunRow runRow(String runId, Instant start, String status) {
    Map<String, Object> spec = new TreeMap<>();
    spec.put("models", models.stream().map(Path::toString).toList());
    spec.put("plans", sweep.subjects());
    spec.put("tasks", sweep.tasks().stream().map(Task::name).toList());
    spec.put("ctx", sweep.ctxs());
    spec.put("contexts", sweep.contexts());
    spec.put("protocol", sweep.protocol().toString());
    spec.put("corpus", sweep.prose().sha());
    spec.put("precision", PRECISION.toString());
    costs.ifPresent(plan -> spec.put("cost_rounds", plan.rounds()));
    costs.ifPresent(plan -> spec.put("cost_precision", Precision.FAST.toString()));
    return new RunRow(
        runId,
        start,
        status,
        Build.hash(),
        Build.isDirty(),
        ProcessHandle.current()
            .info()
            .arguments()
            .map(arguments -> String.join(" ", arguments))
            .orElse(""),
        sweep.seed(),
        Json.line(spec));
  }
}
