package io.kvasir.cli;

import io.kvasir.cli.bench.Build;
import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.eval.claim.ClaimRun;
import io.kvasir.eval.claim.ClaimSetting;
import io.kvasir.eval.claim.Claims;
import io.kvasir.eval.claim.Family;
import io.kvasir.eval.cost.CostPlan;
import io.kvasir.eval.store.ClaimRow;
import io.kvasir.eval.store.Results;
import io.kvasir.kv.PrefillMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kvasir eval claims}: what became of what was published. */
@Command(
    name = "claims",
    description = {
      "Judges published claims on a model: held, not held, or not testable here and why.",
      "Weighs what DIR/results.duckdb does not hold yet; the same command goes on where it was"
          + " stopped.",
    },
    mixinStandardHelpOptions = true)
final class EvalClaimsCommand implements Runnable {
  private static final int ROUNDS = 3; // of costs, as few as a verdict needs

  @Mixin private EvalArguments common = new EvalArguments();
  @Mixin private CorpusArgument text = new CorpusArgument();

  @Parameters(
      paramLabel = "FILE|FAMILY",
      arity = "0..*",
      description = "YAML files, or families that Kvasir brings; default: all of those.")
  private List<String> families = List.of();

  @Option(
      names = "--ctx",
      paramLabel = "N,..",
      split = ",",
      converter = TokenCount.class,
      description = "Tokens of a context, in place of what the claims say.")
  private List<Integer> ctxs = List.of();

  @Option(
      names = "--contexts",
      paramLabel = "N",
      description = "Contexts of each task and ctx; default ${DEFAULT-VALUE}.",
      defaultValue = "24")
  private int contexts = 24;

  @Option(names = "--dry-run", description = "Checks everything and prints the claims.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print the verdicts as JSON.")
  private boolean json;

  @Override
  public void run() {
    List<Family> found =
        families.isEmpty() ? Claims.all() : families.stream().map(Claims::find).toList();
    ClaimSetting setting = new ClaimSetting(found, ctxs, contexts, common.seed(), text.corpus());
    EvalSession session = common.session();
    session.check();
    for (Path path : session.models()) {
      try (ModelFile file = ModelFile.open(path)) {
        setting.check(file);
      }
    }
    if (dryRun) {
      session.checkResults();
      ClaimTable.describe(found, System.out);
    } else {
      judge(setting, session);
    }
  }

  private void judge(ClaimSetting setting, EvalSession session) {
    String runId = UUID.randomUUID().toString();
    Map<String, Object> spec =
        Map.of(
            "claims", setting.families().stream().map(Family::name).toList(),
            "ctx", setting.ctxs(),
            "contexts", setting.contexts(),
            "corpus", setting.prose().sha());
    try (Results results = session.open()) {
      int failed =
          session.run(
              results,
              runId,
              spec,
              (model, running) ->
                  cost(setting, session, model, running) + judge(setting, session, model, running));
      List<ClaimRow> rows =
          results.rows(ClaimRow.class).stream().filter(row -> row.runId().equals(runId)).toList();
      if (json) {
        System.out.println(Json.pretty(rows));
      } else {
        ClaimTable.print(setting, results, rows, System.out);
      }
      session.requireNone(failed);
    }
  }

  private static int judge(
      ClaimSetting setting, EvalSession session, Path path, EvalSession.Running running) {
    try (Model model = session.load(path);
        EvalProgress progress = running.progress("weighing")) {
      return ClaimRun.run(
          setting,
          model,
          running.runId(),
          Build.hash(),
          session.bytes(),
          running.results(),
          progress);
    }
  }

  /** Measures the cost of those plans of which some is claimed. */
  private static int cost(
      ClaimSetting setting, EvalSession session, Path path, EvalSession.Running running) {
    int failed = 0;
    try (ModelFile file = ModelFile.open(path);
        EvalProgress progress = running.progress("measuring")) {
      for (int ctx : setting.ctxs()) {
        Map<String, PrefillMode> plans = setting.costs(ctx);
        if (!plans.isEmpty() && ctx <= file.config().contextLength()) {
          CostPlan plan = new CostPlan(plans, List.of(ctx), ROUNDS, setting.seed());
          failed +=
              new EvalCost(plan, setting.prose(), session.team())
                  .run(file, running.runId(), running.results(), progress);
        }
      }
    }
    return failed;
  }
}
