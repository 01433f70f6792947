package io.kvasir.cli;

import io.kvasir.cli.bench.Build;
import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.Precision;
import io.kvasir.eval.cost.CostPlan;
import io.kvasir.eval.run.LeftOut;
import io.kvasir.eval.run.Sweep;
import io.kvasir.eval.run.SweepRun;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.SummaryRow;
import io.kvasir.eval.task.Task;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One start of a sweep: checks, weighs, and prints what came out.
 *
 * @param costs what cost is measured of; nothing: none is
 */
record EvalRun(Sweep sweep, Optional<CostPlan> costs, EvalSession session) {

  /** Refuses what can be known to be wrong before weights are loaded. */
  void check() {
    session.check();
    for (Path model : session.models()) {
      try (ModelFile file = ModelFile.open(model)) {
        sweep.check(file);
        LeftOut.of(sweep, file).forEach(Terminal::tell);
      }
    }
  }

  void describe(PrintStream output) {
    output.printf(
        "%d models, %d plans and controls, tasks %s, ctx %s, %d contexts of each: %d cells%n",
        session.models().size(),
        sweep.subjects().size(),
        tasks(),
        sweep.ctxs(),
        sweep.contexts(),
        cells());
    sweep.subjects().forEach(subject -> output.println("  " + subject));
    costs.ifPresent(
        plan ->
            output.printf(
                "cost of %d plans and controls, %d rounds at each ctx: %d processes%n",
                plan.plans().size(),
                plan.rounds(),
                Math.multiplyExact(session.models().size(), plan.measurements())));
  }

  private String tasks() {
    return sweep.tasks().stream().map(Task::name).collect(Collectors.joining(","));
  }

  private int cells() {
    return Math.multiplyExact(session.models().size(), sweep.cells());
  }

  void run(boolean json) {
    String runId = UUID.randomUUID().toString();
    try (Results results = session.open()) {
      int failed =
          session.run(
              results,
              runId,
              spec(),
              (model, running) -> weigh(model, running) + cost(model, running));
      List<SummaryRow> rows =
          results.rows(SummaryRow.class).stream().filter(row -> row.runId().equals(runId)).toList();
      if (json) {
        System.out.println(Json.pretty(rows));
      } else {
        EvalTable.print(results, rows, sweep.planTexts(), System.out);
        costs.ifPresent(plan -> printCosts(results));
      }
      session.requireNone(failed);
    }
  }

  private void printCosts(Results results) {
    for (Path model : session.models()) {
      try (ModelFile file = ModelFile.open(model)) {
        EvalCostTable.print(
            results, file.name(), file.fingerprint(), sweep.planTexts(), System.out);
      }
    }
  }

  private int weigh(Path path, EvalSession.Running running) {
    try (Model model = session.load(path);
        EvalProgress progress = running.progress("weighing")) {
      return SweepRun.run(
          sweep,
          model,
          running.runId(),
          Build.hash(),
          session.bytes(),
          running.results(),
          progress);
    }
  }

  private int cost(Path path, EvalSession.Running running) {
    if (costs.isEmpty()) {
      return 0;
    }
    try (ModelFile file = ModelFile.open(path);
        EvalProgress progress = running.progress("measuring")) {
      return new EvalCost(costs.get(), sweep.prose(), session.team())
          .run(file, running.runId(), running.results(), progress);
    }
  }

  private Map<String, Object> spec() {
    Map<String, Object> spec = new TreeMap<>();
    spec.put("plans", sweep.subjects());
    spec.put("tasks", sweep.tasks().stream().map(Task::name).toList());
    spec.put("ctx", sweep.ctxs());
    spec.put("contexts", sweep.contexts());
    spec.put("protocol", sweep.protocol().toString());
    spec.put("corpus", sweep.prose().sha());
    costs.ifPresent(plan -> spec.put("cost_rounds", plan.rounds()));
    costs.ifPresent(plan -> spec.put("cost_precision", Precision.FAST.toString()));
    return spec;
  }
}
