package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.EnvRow;
import io.kvasir.eval.store.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep that is killed in its midst and started again finds what an undisturbed one finds. */
@Tag("slow")
class EvalResumeTest {
  private static final KvasirProcess KVASIR = new KvasirProcess(Map.of());

  @TempDir private Path folder;

  @Test
  void killedAndResumedWithOtherBatchesNothingDiffersButRunEnvAndCost() throws Exception {
    String model = SmallModel.write(folder.resolve("small.gguf"), 4096).toString();
    Path plans = Files.writeString(folder.resolve("plans.txt"), "kivi(bits=2)\nsnapkv(keep=25%)");
    String[] disturbed = sweep(model, plans, "disturbed", "1GB");
    Process process = KVASIR.start(disturbed);
    awaitCells(folder.resolve("disturbed"), process);
    process.destroyForcibly().waitFor();
    int before = answers("disturbed").size();
    KvasirProcess.Ran resumed = KVASIR.run(sweep(model, plans, "disturbed", "30MB"));
    assertThat(resumed.exit()).as(resumed.err()).isZero();
    KvasirProcess.Ran whole = KVASIR.run(sweep(model, plans, "whole", "1GB"));
    assertThat(whole.exit()).as(whole.err()).isZero();
    assertThat(resumed.out()).isEqualTo(whole.out());
    assertThat(answers("whole")).hasSizeGreaterThan(before);
    Cli.Ran diff = Cli.run("eval", "diff", file("disturbed").toString(), file("whole").toString());
    assertThat(diff.exit()).as(diff.out()).isZero();
    assertThat(diff.lines()).contains("answer      same", "summary     same", "item        same");
    assertThat(diff.out()).containsPattern("(?m)^run  .*only in A");
    assertThatTheMachineIsTold();
  }

  private void assertThatTheMachineIsTold() {
    try (Results results = Results.read(file("whole"))) {
      EnvRow env = results.rows(EnvRow.class).getFirst();
      assertThat(env.simd()).matches("\\d+ bit(: [a-z0-9_ ]+)?");
      assertThat(env.onednn()).matches("3\\..*|none: .+");
      assertThat(env.ram()).isGreaterThan(Runtime.getRuntime().maxMemory() / 2);
      assertThat(env.memGbs()).isPositive();
      assertThat(env.gflops()).isPositive();
    }
  }

  /** Until some cells are in the log, which is written before it is part of the file. */
  private static void awaitCells(Path out, Process process) throws Exception {
    Path log = out.resolve("results.duckdb.wal");
    Instant end = Instant.now().plus(Duration.ofMinutes(3));
    while (!Files.exists(log) || Files.size(log) < 8_000) {
      assertThat(process.isAlive()).as("ended before it could be killed").isTrue();
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(20);
    }
  }

  private List<AnswerRow> answers(String out) {
    try (Results results = Results.open(file(out))) {
      return results.rows(AnswerRow.class);
    }
  }

  private Path file(String out) {
    return folder.resolve(out).resolve("results.duckdb");
  }

  private String[] sweep(String model, Path plans, String out, String memory) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("eval", "-m", model));
    arguments.addAll(List.of("--plans", plans.toString(), "--tasks", "kv", "--ctx", "3k"));
    arguments.addAll(List.of("--contexts", "3", "--mem", memory));
    arguments.addAll(List.of("--out", folder.resolve(out).toString()));
    return arguments.toArray(new String[0]);
  }
}
