package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.Models;
import io.kvasir.eval.Digest;
import io.kvasir.eval.cost.CostPlan;
import io.kvasir.eval.cost.CostRun;
import io.kvasir.eval.run.SweepListener;
import io.kvasir.eval.store.CostRow;
import io.kvasir.eval.store.PartRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.RunRow;
import io.kvasir.kv.PrefillMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cost, measured in processes of their own. */
@Tag("slow")
class EvalCostTest {
  private static final int F16_BYTES = 23_040; // per token of SmolLM2-135M
  private static final int CTX = 2048;

  private static final SweepListener SILENT =
      new SweepListener() {
        @Override
        public void at(int done, int total, String what) {}

        @Override
        public void check() {}
      };

  @TempDir private Path folder;

  @Test
  void isPrintedAndNotMeasuredTwice() throws IOException {
    Path model = SmallModel.write(folder.resolve("small.gguf"), 4096);
    Cli.Ran first = sweep(model, "1k", "q8");
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("small, ctx 1024, cost in processes of their own, medians")
        .containsPattern("(?m)^f16 +512 +1\\.00 .* 1$") // 2 x 2 x 32 x 2 bytes, twice
        .containsPattern("(?m)^q8 +272 +0\\.53 .* 1$");
    String costs = costs(first);
    assertThat(costs(sweep(model, "1k", "q8"))).isEqualTo(costs);
    assertThat(rows()).hasSize(2);
  }

  @Test
  void aPlanThatCannotBeMeasuredEndsTheSweepWith1() throws IOException {
    Path model = SmallModel.write(folder.resolve("small.gguf"), 4096);
    Cli.Ran ran = sweep(model, "1k", "knorm(keep=1KB)");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .contains(
            "kvasir: cost of knorm(keep=1KB) | f16, ctx 1024, round 1: keep=1KB is too small");
  }

  @Test
  @Tag("model")
  void memoryIsWhatTheCacheHolds() throws IOException {
    measureAlone(Models.require("smollm2-135m-instruct"), "q4");
    long rawLayer = 3L * 64 * 2 * Float.BYTES * CTX;
    List<CostRow> rows = rows();
    assertThat(rows).hasSize(2);
    for (CostRow row : rows) {
      double held = row.kvBytes() + rawLayer;
      assertThat((double) row.rssPeak()).isCloseTo(held, within(0.05 * held + 8e6));
      assertThat(row.compressMs()).isBetween(0.0, row.ttftMs());
    }
    assertThat(rows)
        .filteredOn(row -> row.planSha().equals(Digest.hex("f16")))
        .allSatisfy(row -> assertThat(row.kvBytes()).isEqualTo((long) CTX * F16_BYTES));
    try (Results results = Results.read(file())) {
      assertThat(results.rows(PartRow.class))
          .filteredOn(part -> part.planSha().equals(Digest.hex("q4")))
          .extracting(PartRow::part)
          .containsExactlyInAnyOrder("codes", "scales", "windows", "side");
    }
  }

  /** Cost beside f16's, without the questions of a sweep. */
  private void measureAlone(Path model, String plan) throws IOException {
    Files.createDirectories(folder.resolve("out"));
    CostPlan costs = new CostPlan(Map.of(plan, PrefillMode.EXACT), List.of(CTX), 1, 1);
    try (ModelFile opened = ModelFile.open(model);
        Results results = Results.open(file())) {
      results.put(new RunRow("run", Instant.EPOCH, "running", "build", false, "", 1, "{}"));
      results.put(EvalEnvironment.of("run", 2));
      CostRun.Outcome outcome =
          CostRun.run(
              costs,
              "run",
              opened.fingerprint(),
              tokens -> IntStream.range(0, tokens).mapToObj(i -> 100 + 7 * i % 1000).toList(),
              CostProcess.of(opened, 2, () -> {}),
              results,
              SILENT);
      assertThat(outcome).isEqualTo(new CostRun.Outcome(List.of(), List.of()));
    }
  }

  private Path file() {
    return folder.resolve("out/results.duckdb");
  }

  private List<CostRow> rows() {
    try (Results results = Results.read(file())) {
      return results.rows(CostRow.class);
    }
  }

  private static String costs(Cli.Ran ran) {
    return ran.out().substring(ran.out().indexOf("cost in processes"));
  }

  private Cli.Ran sweep(Path model, String ctx, String plan) throws IOException {
    Path plans = Files.writeString(folder.resolve("plans.txt"), plan);
    return Cli.run(
        "eval",
        "--plans",
        plans.toString(),
        "-m",
        model.toString(),
        "--tasks",
        "niah-s1",
        "--contexts",
        "1",
        "--ctx",
        ctx,
        "--cost",
        "--rounds",
        "1",
        "--out",
        folder.resolve("out").toString());
  }
}
