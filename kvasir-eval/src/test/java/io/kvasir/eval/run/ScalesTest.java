package io.kvasir.eval.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Models;
import io.kvasir.engine.Precision;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.SummaryRow;
import io.kvasir.eval.sweep.PlanFile;
import io.kvasir.eval.task.Corpus;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What any scales must do: call a great loss a loss. */
class ScalesTest {
  private static final long MUCH = 1L << 30;

  private static final Corpus PROSE =
      Corpus.of(
          "words",
          IntStream.range(0, 6000)
              .mapToObj(i -> i % 9 == 0 ? "so it goes on." : "word" + (char) ('a' + i * i % 26))
              .collect(Collectors.joining(" ")));

  private static final SweepListener SILENT =
      new SweepListener() {
        @Override
        public void at(int done, int total, String what) {}

        @Override
        public void check() {}
      };

  @TempDir private static Path folder;

  @Test
  @Tag("model")
  @Tag("slow")
  void chanceThatKeepsAnEighthLosesToF16() throws IOException {
    try (Results results = Results.open(folder.resolve("loss.duckdb"));
        Model model = load(Models.require("smollm2-135m-instruct"))) {
      sweep(model, results, "niah-s1", 512, 8, "random(keep=12.5%)");
      Map<String, SummaryRow> scores =
          results.rows(SummaryRow.class).stream()
              .filter(row -> row.metric().equals("score"))
              .collect(Collectors.toMap(SummaryRow::planSha, Function.identity()));
      SummaryRow chance =
          Objects.requireNonNull(scores.get(Subject.shaOf("random(keep=12.5%,seed=0) | f16")));
      assertThat(chance.testable()).isTrue();
      assertThat(chance.hi().orElseThrow()).isNegative();
      assertThat(chance.pHolm().orElseThrow()).isLessThan(0.05);
    }
  }

  private static Model load(Path file) {
    return Model.load(file, ModelOptions.DEFAULT.withThreads(2).withPrecision(Precision.EXACT));
  }

  private static void sweep(
      Model model, Results results, String task, int ctx, int contexts, String plan)
      throws IOException {
    Path plans = Files.writeString(folder.resolve("plans.txt"), plan);
    Sweep sweep =
        new Sweep(
            PlanFile.read(plans),
            Tasks.parse(task),
            List.of(ctx),
            contexts,
            3,
            Protocol.BLIND,
            PROSE);
    int failed = SweepRun.run(sweep, model, "run", "build", MUCH, results, SILENT);
    assertThat(failed).isZero();
  }
}
