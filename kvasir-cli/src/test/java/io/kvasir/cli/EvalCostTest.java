package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.engine.Models;
import io.kvasir.eval.Digest;
import io.kvasir.eval.store.CostRow;
import io.kvasir.eval.store.PartRow;
import io.kvasir.eval.store.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cost, measured in processes of their own. */
@Tag("slow")
class EvalCostTest {
  private static final int F16_BYTES = 23_040; // per token of SmolLM2-135M

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
    Path model = Models.require("smollm2-135m-instruct");
    Cli.Ran ran = sweep(model, "4k", "q4");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.err()).doesNotContain("were resident");
    long rawLayer = 3L * 64 * 2 * Float.BYTES * 4096;
    for (CostRow row : rows()) {
      double held = row.kvBytes() + rawLayer;
      assertThat((double) row.rssPeak()).isCloseTo(held, within(0.05 * held + 8e6));
      assertThat(row.compressMs()).isBetween(0.0, row.ttftMs());
    }
    assertThat(rows())
        .filteredOn(row -> row.planSha().equals(Digest.hex("f16")))
        .allSatisfy(row -> assertThat(row.kvBytes()).isEqualTo(4096L * F16_BYTES));
    try (Results results = Results.read(folder.resolve("out/results.duckdb"))) {
      assertThat(results.rows(PartRow.class))
          .filteredOn(part -> part.planSha().equals(Digest.hex("q4")))
          .extracting(PartRow::part)
          .containsExactlyInAnyOrder("codes", "scales", "windows", "side");
    }
  }

  private List<CostRow> rows() {
    try (Results results = Results.read(folder.resolve("out/results.duckdb"))) {
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
