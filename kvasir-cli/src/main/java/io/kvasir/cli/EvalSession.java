package io.kvasir.cli;

import io.kvasir.cli.bench.Build;
import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import io.kvasir.engine.fit.ByteSize;
import io.kvasir.engine.fit.MachineMemory;
import io.kvasir.eval.run.ModelRows;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.RunRow;
import java.io.IOException;
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
import java.util.concurrent.CancellationException;

/**
 * One start of a command that fills results.duckdb, model by model: what it may take, what ends it,
 * and its rows in tables run and env.
 *
 * @param models their files
 * @param out the folder of results.duckdb
 * @param seed of contexts and resamples
 * @param most when to stop
 * @param memory what caches may hold
 * @param threads that compute
 */
record EvalSession(
    List<Path> models,
    Path out,
    long seed,
    Optional<Duration> most,
    Optional<String> memory,
    Optional<Integer> threads) {

  /** How the numbers of a sweep are computed: in the precision of all checks. */
  static final Precision PRECISION = Precision.EXACT;

  /** What is done to one model. */
  @FunctionalInterface
  interface Work {
    /**
     * @return how much of it failed
     */
    int on(Path model, Running running);
  }

  /** A session that has begun. */
  record Running(Results results, String runId, Interrupts interrupts, Deadline deadline) {
    EvalProgress progress(String task) {
      return new EvalProgress(task, interrupts, deadline);
    }
  }

  /** Refuses what can be known to be wrong before weights are loaded. */
  void check() {
    memory.ifPresent(size -> ByteSize.parse("--mem", size));
  }

  Path file() {
    return out.resolve(ResultsPath.NAME);
  }

  /** Opens the results, and makes them and their folder where there are none. */
  Results open() {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Results.open(file());
  }

  /** Refuses results that are there and cannot be opened; makes nothing. */
  void checkResults() {
    if (Files.exists(file())) {
      Results.read(file()).close();
    }
  }

  int team() {
    return threads.orElse(ModelOptions.DEFAULT.threads());
  }

  Model load(Path path) {
    ModelOptions options = ModelOptions.DEFAULT.withPrecision(PRECISION);
    return Model.load(path, threads.map(options::withThreads).orElse(options));
  }

  /** Bytes that caches may hold. */
  long bytes() {
    return memory
        .map(size -> ByteSize.parse("--mem", size))
        .orElseGet(() -> MachineMemory.now().bytes() / 2);
  }

  /**
   * Works on the models one after the other, until all are done or the time is over.
   *
   * @param spec what is done, as it is stored
   * @return how much failed
   * @throws CancellationException the user ended it
   */
  int run(Results results, String runId, Map<String, Object> spec, Work work) {
    Instant start = Instant.now().truncatedTo(ChronoUnit.MICROS);
    String status = "failed";
    results.put(runRow(runId, start, "running", spec));
    try (Interrupts interrupts = Interrupts.listen()) {
      results.put(EvalEnvironment.of(runId, team()));
      Running running = new Running(results, runId, interrupts, new Deadline(start, most));
      int failed = 0;
      for (Path model : models) {
        try (ModelFile file = ModelFile.open(model)) {
          results.put(ModelRows.of(file));
        }
        failed += work.on(model, running);
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
      results.put(runRow(runId, start, status, spec));
    }
  }

  /** Tells on what failed, in the end of a command; nothing when nothing did. */
  void requireNone(int failed) {
    if (failed > 0) {
      throw new IllegalStateException(
          "failed: %d cells or measurements; the answers of cells in %s say why"
              .formatted(failed, file()));
    }
  }

  private RunRow runRow(String runId, Instant start, String status, Map<String, Object> spec) {
    Map<String, Object> all = new TreeMap<>(spec);
    all.put("models", models.stream().map(Path::toString).toList());
    all.put("precision", PRECISION.toString());
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
        seed,
        Json.line(all));
  }
}
