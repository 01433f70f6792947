package io.kvasir.cli;

import io.kvasir.eval.InputException;
import io.kvasir.eval.cost.CostPlan;
import io.kvasir.eval.data.DataTask;
import io.kvasir.eval.run.Suite;
import io.kvasir.eval.run.Sweep;
import io.kvasir.eval.sweep.PlanFile;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Task;
import io.kvasir.eval.task.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kvasir eval}: weighs plans; its other verbs are classes of their own. */
@Command(
    name = "eval",
    description = {
      "Weighs plans on tasks: quality, bytes and speed, with error bars.",
      "Asks models about long contexts, each read once for all plans, and stores every answer in"
          + " DIR/results.duckdb. The same command goes on where it was stopped.",
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      EvalClaimsCommand.class,
      EvalDiffCommand.class,
      EvalExportCommand.class,
      EvalKldCommand.class,
      EvalListCommand.class,
      EvalMeasureCommand.class,
      EvalReportCommand.class,
      EvalShowCommand.class,
    })
final class EvalCommand implements Runnable {
  @Mixin private EvalArguments common = new EvalArguments();
  @Mixin private CorpusArgument text = new CorpusArgument();
  @Mixin private DataArguments data = new DataArguments();

  @Option(
      names = "--plans",
      paramLabel = "FILE",
      description = "Plans, one in a line; default: eight of the suite. f16 and controls run too.")
  private Optional<Path> plans = Optional.empty();

  @Option(
      names = "--suite",
      paramLabel = "quick|standard|full",
      description = "Gives what the other options do not say.")
  private Optional<Suite> suite = Optional.empty();

  @Option(
      names = "--tasks",
      paramLabel = "T,..",
      description = "Tasks of kvasir eval list: text,niah-*,vt(hops=2); default: the suite's.")
  private Optional<String> tasks = Optional.empty();

  @Option(
      names = "--ctx",
      paramLabel = "N,..",
      split = ",",
      converter = TokenCount.class,
      description = "Tokens of a context, question and answer included: 2k,4k.")
  private List<Integer> ctxs = List.of();

  @Option(
      names = "--contexts",
      paramLabel = "N",
      description = "Contexts of each task and ctx, the unit of all statistics.")
  private Optional<Integer> contexts = Optional.empty();

  @Option(
      names = "--protocol",
      paramLabel = "blind|aware|turns",
      description =
          "When the cache is compressed: before any question is seen (default), with the question"
              + " in it, or before the first of several turns.")
  private Optional<Protocol> protocol = Optional.empty();

  @Option(
      names = "--cost",
      negatable = true,
      description =
          "Whether to measure bytes, memory and speed too, each plan in processes of its own;"
              + " default: with --suite.")
  private Optional<Boolean> cost = Optional.empty();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often cost is measured; default ${DEFAULT-VALUE}.",
      defaultValue = "3")
  private int rounds = 3;

  @Option(names = "--dry-run", description = "Checks everything and says what would be done.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  @Override
  public void run() {
    List<DataTask> own = data.tasks();
    if (plans.isEmpty() && suite.isEmpty() && own.isEmpty()) {
      CommandLine.usage(this, System.out);
      return;
    }
    Suite given = suite.orElse(Suite.QUICK);
    boolean ownAlone = !own.isEmpty() && tasks.isEmpty() && suite.isEmpty();
    int usual =
        ownAlone ? own.stream().mapToInt(DataTask::contexts).max().orElseThrow() : given.contexts();
    Sweep sweep =
        new Sweep(
            plans.map(PlanFile::read).orElseGet(given::plans),
            ownAlone ? List.<Task>copyOf(own) : possible(own, tasks.orElse(given.tasks())),
            ctxs.isEmpty() ? given.ctxs() : ctxs,
            contexts.orElse(usual),
            common.seed(),
            DataArguments.protocol(own, protocol),
            text.corpus());
    Optional<CostPlan> costs =
        cost.orElse(suite.isPresent())
            ? Optional.of(new CostPlan(sweep.costs(), sweep.ctxs(), rounds, common.seed()))
            : Optional.empty();
    EvalRun run = new EvalRun(sweep, costs, common.session());
    run.check();
    if (dryRun) {
      run.session().checkResults();
      run.describe(System.out);
    } else {
      run.run(json);
    }
  }

  /** The user's tasks, and those named that this machine can make. */
  private static List<Task> possible(List<DataTask> own, String names) {
    List<Task> possible = new ArrayList<>(own);
    for (Task task : Tasks.parse(names)) {
      Optional<String> missing = task.missing();
      if (missing.isPresent()) {
        Terminal.tell("%s is left out: %s".formatted(task.name(), missing.get()));
      } else {
        possible.add(task);
      }
    }
    if (possible.isEmpty()) {
      throw new InputException("no task is left; expected one that this machine can make");
    }
    return possible;
  }
}
