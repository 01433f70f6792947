package io.kvasir.eval.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Models;
import io.kvasir.engine.Precision;
import io.kvasir.engine.TinyModel;
import io.kvasir.eval.stat.SignFlip;
import io.kvasir.eval.store.DivergenceRow;
import io.kvasir.eval.store.ItemRow;
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

/** What any scales must do: call equal things equal, and a great loss a loss. */
class ScalesTest {
  private static final int PAIRS = 40;
  private static final int CONTEXTS = 8;
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
  @Tag("slow")
  void twoSeedsOfChanceAreSeldomToldApart() throws IOException {
    String seeds =
        IntStream.range(0, 2 * PAIRS).mapToObj(String::valueOf).collect(Collectors.joining(","));
    Path file = TinyModel.writer().write(folder.resolve("tiny.gguf"));
    try (Results results = Results.open(folder.resolve("seeds.duckdb"));
        Model model = load(file)) {
      sweep(model, results, "text", 512, CONTEXTS, "random(keep=50%,seed={" + seeds + "})");
      Map<String, Integer> contexts =
          results.rows(ItemRow.class).stream()
              .collect(Collectors.toMap(ItemRow::itemSha, ItemRow::contextNo));
      Map<String, double[]> nll =
          results.rows(DivergenceRow.class).stream()
              .filter(row -> !row.far())
              .collect(
                  Collectors.groupingBy(
                      DivergenceRow::planSha,
                      Collectors.collectingAndThen(
                          Collectors.toMap(
                              row -> Objects.requireNonNull(contexts.get(row.itemSha())),
                              DivergenceRow::nll),
                          ScalesTest::inOrder)));
      long flagged =
          IntStream.range(0, PAIRS)
              .filter(pair -> p(nll, text(2 * pair), text(2 * pair + 1)) < 0.05)
              .count();
      assertThat(flagged).isLessThanOrEqualTo(5);
      assertThat(p(nll, text(0), "f16")).isLessThan(1); // what is compared does differ
    }
  }

  private static String text(int seed) {
    return "random(keep=50%%,seed=%d) | f16".formatted(seed);
  }

  private static double p(Map<String, double[]> nll, String a, String b) {
    double[] left = Objects.requireNonNull(nll.get(Subject.shaOf(a)));
    double[] right = Objects.requireNonNull(nll.get(Subject.shaOf(b)));
    assertThat(left).hasSize(CONTEXTS).isNotEqualTo(right);
    return SignFlip.p(
        IntStream.range(0, CONTEXTS).mapToDouble(c -> left[c] - right[c]).toArray(), 1);
  }

  private static double[] inOrder(Map<Integer, Double> byContext) {
    return IntStream.range(0, byContext.size())
        .mapToDouble(context -> Objects.requireNonNull(byContext.get(context)))
        .toArray();
  }

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
