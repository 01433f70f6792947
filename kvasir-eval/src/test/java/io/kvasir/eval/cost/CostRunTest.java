package io.kvasir.eval.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.eval.Digest;
import io.kvasir.eval.run.SweepListener;
import io.kvasir.eval.store.CostRow;
import io.kvasir.eval.store.EnvRow;
import io.kvasir.eval.store.PartRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.RunRow;
import io.kvasir.kv.KvBytes;
import io.kvasir.kv.PrefillMode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostRunTest {
  private static final CostPlan PLAN =
      new CostPlan(
          Map.of("q8", PrefillMode.EXACT, "q4", new PrefillMode.Chunked(512)),
          List.of(256, 512),
          3,
          7);

  @TempDir private Path folder;
  private final List<CostOrder> orders = new ArrayList<>();

  @Test
  void everyPlanIsMeasuredOnceInEveryRoundAndSoIsF16() {
    try (Results results = results("a", "build")) {
      CostRun.Outcome outcome = run(results, "a", this::sample);
      assertThat(outcome).isEqualTo(new CostRun.Outcome(List.of(), List.of()));
      List<CostRow> rows = results.rows(CostRow.class);
      assertThat(rows).hasSize(2 * 3 * 3).doesNotHaveDuplicates();
      assertThat(rows).filteredOn(row -> row.planSha().equals(Digest.hex("f16"))).hasSize(2 * 3);
      assertThat(orders)
          .filteredOn(order -> order.plan().equals("q4"))
          .hasSize(6)
          .allSatisfy(order -> assertThat(order.prefill()).isEqualTo("chunked:512"))
          .allSatisfy(order -> assertThat(order.decoded()).isEqualTo(64));
      assertThat(orders.getFirst().prompt()).hasSize(256 - 64);
      assertThat(results.rows(PartRow.class))
          .hasSize(2 * 3 * 4)
          .contains(new PartRow("a", "model", Digest.hex("q8"), 256, "scales", 20));
    }
  }

  @Test
  void theOrderOfARoundIsDrawnFromTheSeed() {
    List<String> first = measuredPlans("first");
    assertThat(measuredPlans("second")).isEqualTo(first);
    List<List<String>> rounds =
        IntStream.range(0, 6).mapToObj(i -> first.subList(3 * i, 3 * i + 3)).toList();
    assertThat(new HashSet<>(rounds)).hasSizeGreaterThan(1);
  }

  private List<String> measuredPlans(String name) {
    orders.clear();
    try (Results results = results(name, "build")) {
      run(results, name, this::sample);
    }
    return orders.stream().map(CostOrder::plan).toList();
  }

  @Test
  void aRoundThatWasCutShortIsCompletedBesideF16() {
    try (Results results = results("a", "build")) {
      assertThatThrownBy(
              () ->
                  run(
                      results,
                      "a",
                      order -> {
                        if (orders.size() == 4) { // one of the second round is done
                          throw new CancellationException("enough");
                        }
                        return sample(order);
                      }))
          .isInstanceOf(CancellationException.class);
      orders.clear();
      begin(results, "b", "build");
      run(results, "b", this::sample);
      assertThat(orders).hasSize(18 - 3); // of the second round all again, or f16 again
      assertThat(results.rows(CostRow.class))
          .filteredOn(row -> row.runId().equals("b"))
          .noneMatch(row -> row.ctx() == 256 && row.round() == 0)
          .filteredOn(row -> row.ctx() == 256 && row.round() == 1)
          .anyMatch(row -> row.planSha().equals(Digest.hex("f16")));
      orders.clear();
      begin(results, "c", "build");
      run(results, "c", this::sample);
      assertThat(orders).isEmpty();
    }
  }

  @Test
  void whatAnotherBuildMeasuredIsMeasuredAgain() {
    try (Results results = results("a", "build")) {
      run(results, "a", this::sample);
      begin(results, "b", "newer");
      run(results, "b", this::sample);
      assertThat(orders).hasSize(2 * 18);
    }
  }

  @Test
  void whatFailsIsToldAndTheRestIsMeasured() {
    try (Results results = results("a", "build")) {
      CostRun.Outcome outcome =
          run(
              results,
              "a",
              order -> {
                if (order.plan().equals("q4")) {
                  throw new IllegalStateException("out of memory");
                }
                return sample(order);
              });
      assertThat(outcome.failed())
          .hasSize(6)
          .contains("cost of q4, ctx 256, round 1: out of memory");
      assertThat(results.rows(CostRow.class)).hasSize(12);
    }
  }

  @Test
  void memoryThatNobodyHoldsIsRemarked() {
    try (Results results = results("a", "build")) {
      CostRun.Outcome outcome =
          run(
              results,
              "a",
              order ->
                  new CostSample(new KvBytes(1, 0, 0, 0), 119_000_000, 105_000_000, 1, 1, 1, 1));
      assertThat(outcome.remarks())
          .hasSize(18)
          .contains(
              "cost of q8, ctx 512, round 3: 119.0 MB were resident over the model, 105.0 MB are"
                  + " what it holds");
    }
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertThatThrownBy(() -> new CostPlan(Map.of(), List.of(256), 0, 1))
        .hasMessage("rounds=0 is out of range; expected 1 to 1000");
    assertThatThrownBy(() -> new CostPlan(Map.of(), List.of(64), 3, 1))
        .hasMessage("ctx 64 is too short to measure cost: 64 tokens are decoded after the prompt");
  }

  private CostSample sample(CostOrder order) {
    orders.add(order);
    return new CostSample(new KvBytes(100, 20, 3, 1), 1000, 900, 50, 5, 100, 30);
  }

  private static CostRun.Outcome run(Results results, String runId, CostRun.Meter meter) {
    SweepListener quiet =
        new SweepListener() {
          @Override
          public void at(int done, int total, String what) {
            assertThat(done).isBetween(0, total);
          }

          @Override
          public void check() {}
        };
    return CostRun.run(
        PLAN,
        runId,
        "model",
        tokens -> IntStream.range(0, tokens).boxed().toList(),
        meter,
        results,
        quiet);
  }

  private Results results(String runId, String build) {
    Results results = Results.open(folder.resolve(runId + ".duckdb"));
    begin(results, runId, build);
    return results;
  }

  private static void begin(Results results, String runId, String build) {
    Instant start = Instant.parse("2026-11-26T04:40:00Z");
    results.put(new RunRow(runId, start, "running", build, false, "", 1, "{}"));
    results.put(
        new EnvRow(runId, "Linux", "cpu", 2, 1L << 34, "25", "", "512 bit", "none", 2, 1, 1, 0));
  }
}
