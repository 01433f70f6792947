package io.kvasir.cli;

import io.kvasir.engine.hub.ModelStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of the commands that fill results.duckdb. */
final class EvalArguments {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME|PATH",
      split = ",",
      description = "Models, one after the other; default smollm2-135m-instruct.")
  private List<String> models = List.of("smollm2-135m-instruct");

  @Option(names = "--seed", paramLabel = "S", description = "Of contexts and resamples; default 1.")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where results.duckdb is; default ${DEFAULT-VALUE}.",
      defaultValue = "eval-results")
  private Path out = Path.of("eval-results");

  @Option(
      names = "--max-time",
      paramLabel = "T",
      converter = Time.class,
      description = "Stops then: 90s, 30m, 2h.")
  private Optional<Duration> most = Optional.empty();

  @Option(
      names = "--mem",
      paramLabel = "SIZE",
      description = "What caches may hold, 4GB for example; default: half of what is free.")
  private Optional<String> memory = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute; default: one per processor.")
  private Optional<Integer> threads = Optional.empty();

  long seed() {
    return seed;
  }

  /**
   * @throws io.kvasir.engine.hub.HubException when there is no such model
   */
  EvalSession session() {
    ModelStore store = ModelStore.ofEnvironment();
    return new EvalSession(
        models.stream().map(store::resolve).toList(), out, seed, most, memory, threads);
  }
}
