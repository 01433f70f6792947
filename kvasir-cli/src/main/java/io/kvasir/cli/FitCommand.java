package io.kvasir.cli;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.fit.ByteSize;
import io.kvasir.engine.fit.Fit;
import io.kvasir.engine.fit.MachineMemory;
import io.kvasir.engine.fit.Room;
import io.kvasir.engine.model.ModelConfig;
import io.kvasir.engine.model.Weights;
import io.kvasir.kv.KvPlan;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kvasir fit}: what a model, a context and plans take, before anything is loaded. */
@Command(
    name = "fit",
    description = {
      "Tells whether a model, a context and a plan fit in memory.",
      "Nothing is loaded for it. Exit code 0 when at least one of the plans fits, 1 when none does.",
    },
    mixinStandardHelpOptions = true)
final class FitCommand implements Callable<Integer> {
  @Mixin private ModelName model = new ModelName();

  @Option(
      names = "--ctx",
      paramLabel = "N",
      description = "Tokens of the prompt; default: as many as the model was made for.")
  private Optional<Integer> context = Optional.empty();

  @Option(
      names = "--kv",
      paramLabel = "PLAN",
      description = "A plan; may be given several times. Default: six plans to compare.")
  private List<String> plans =
      List.of("f16", "q8", "q4", "kivi(bits=2)", "snapkv(keep=25%)", "snapkv(keep=25%) | q8");

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "What the whole process may hold, such as 4GB; default: what this machine has available.")
  private Optional<String> memory = Optional.empty();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * @param context tokens of the prompt
   * @param memoryBytes what may be taken in addition to what the process holds already
   * @param memorySource where that number comes from
   */
  private record Answer(
      String model,
      int context,
      long weightBytes,
      long memoryBytes,
      String memorySource,
      List<PlanFit> plans) {}

  /**
   * @param totalBytes the most that is held at once
   * @param largestContext tokens of the longest prompt that fits
   */
  private record PlanFit(
      String plan,
      double bytesPerToken,
      long cacheBytes,
      long readingBytes,
      long totalBytes,
      boolean fits,
      int largestContext) {}

  @Override
  public Integer call() {
    List<KvPlan> parsed = plans.stream().map(KvPlan::parse).toList();
    Optional<Long> limit = memory.map(text -> ByteSize.parse("--memory", text));
    Answer answer;
    try (ModelFile file = ModelFile.open(model.file())) {
      MachineMemory there =
          limit.map(bytes -> MachineMemory.within(bytes, "--memory")).orElseGet(MachineMemory::now);
      answer = answer(file, parsed, there);
    }
    if (json) {
      System.out.println(Json.pretty(answer));
    } else {
      print(answer);
    }
    return answer.plans.stream().anyMatch(PlanFit::fits) ? 0 : Failures.FAILED;
  }

  private Answer answer(ModelFile file, List<KvPlan> parsed, MachineMemory there) {
    ModelConfig config = file.config();
    int tokens = context.orElse(config.contextLength());
    if (tokens < 1 || tokens > config.contextLength()) {
      throw new UsageException(
          "--ctx=%d: expected 1 to %d tokens, the context of %s"
              .formatted(tokens, config.contextLength(), file.name()));
    }
    long weights = Weights.bytes(file.gguf(), config);
    Room room = new Room(there, Runtime.getRuntime().maxMemory());
    List<PlanFit> fits =
        parsed.stream().map(plan -> planFit(config, weights, plan, tokens, room)).toList();
    return new Answer(file.name(), tokens, weights, there.bytes(), there.source(), fits);
  }

  private static PlanFit planFit(
      ModelConfig config, long weights, KvPlan plan, int tokens, Room room) {
    Fit fit = Fit.of(config, weights, plan, tokens);
    return new PlanFit(
        plan.toString(),
        fit.bytesPerToken(),
        fit.cache(),
        fit.reading(),
        fit.total(),
        fit.total() <= room.memory().bytes(),
        room.largestPrompt(config, weights, plan));
  }

  private static void print(Answer answer) {
    System.out.printf(
        "%s, a prompt of %d tokens: weights %s; %s are %s.%n%n",
        answer.model,
        answer.context,
        ByteSize.text(answer.weightBytes),
        ByteSize.text(answer.memoryBytes),
        answer.memorySource);
    Table table =
        new Table("PLAN", ">B/TOKEN", ">CACHE", ">READING", ">TOTAL", "FITS", ">LARGEST CONTEXT");
    for (PlanFit fit : answer.plans) {
      table.row(
          fit.plan,
          Math.round(fit.bytesPerToken),
          ByteSize.text(fit.cacheBytes),
          ByteSize.text(fit.readingBytes),
          ByteSize.text(fit.totalBytes),
          fit.fits ? "yes" : "no",
          fit.largestContext);
    }
    table.print(System.out);
  }
}
