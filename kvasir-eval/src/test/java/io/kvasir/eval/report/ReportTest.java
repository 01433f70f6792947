package io.kvasir.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.eval.cost.Cost;
import io.kvasir.eval.store.CostRow;
import io.kvasir.eval.store.DivergenceRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.Row;
import io.kvasir.eval.store.SummaryRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path temp;

  @Test
  void sixtyFourPlansFitIntoFiveMegabytes() {
    String page = page(64);
    assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(5_000_000);
    assertThat(page).contains("64 plans, 1 model, 96 questions, 6,144 answers.");
  }

  @Test
  void nothingIsFetchedAndNothingRuns() {
    assertThat(page(6))
        .doesNotContain("<script", "src=", "href=", "@import", "url(")
        .doesNotContain("\u0007")
        .contains("&lt;script&gt;");
  }

  @Test
  void theCheapestPlanIsTheSmallestWhoseIntervalStaysNear() {
    String row =
        new CheapestSection(findings(20))
            .html()
            .lines()
            .filter(l -> l.contains(">kv<"))
            .findFirst()
            .orElseThrow();
    // Plan p scores 0.9 * (1 - 0.9 p / 20), less 0.02: none is within 1 %, nor within 5 % beyond p
    // = 0.
    assertThat(row).contains("none shown");
    String near =
        new CheapestSection(findings(200))
            .html()
            .lines()
            .filter(l -> l.contains(">kv<"))
            .findFirst()
            .orElseThrow();
    assertThat(near).contains("snapkv(keep=94%) | kivi(bits=2)").contains("none shown");
  }

  @Test
  void whatIsNotTestableIsHatchedAndOutsideMeans() {
    Findings findings = findings(6);
    assertThat(new HeatSection(findings).html()).contains("class='n hatch'");
    assertThat(new CheapestSection(findings).html()).contains("not testable here");
    assertThat(new ParetoSection(findings).html()).contains("<td class=n>2</td>");
    assertThat(new MethodSection(findings).html())
        .contains("<li>cwe in smollm2, 2,048 tokens, blind");
  }

  @Test
  void whereF16FailsProbabilitiesStandInTheHatchedCells() {
    assertThat(new HeatSection(findings(6)).html())
        .containsPattern("<td class='n hatch'[^>]*>ln p -3.21")
        .doesNotContainPattern("<td class='n heat'[^>]*>ln p");
  }

  @Test
  void whereNothingWasCompressedThereIsNoQuality() {
    // Plan 3 of six changes nothing, and is the only one that could be within 5 %.
    String heat = new HeatSection(findings(6)).html();
    assertThat(heat).containsPattern("<td class='n heat'[^>]*>nothing compressed");
    assertThat(new CheapestSection(findings(200)).html()).doesNotContain("&lt;/td&gt;");
  }

  @Test
  void plansStandByNameBetweenF16AndTheControls() {
    assertThat(findings(6).plans().values())
        .extracting(plan -> plan.label().isEmpty() ? plan.text() : plan.label())
        .containsExactly(
            "f16",
            "no-context",
            Invented.HOSTILE,
            "snapkv(keep=95%) | kivi(bits=4)",
            "snapkv(keep=96%) | kivi(bits=2)",
            "random(keep=50%)");
  }

  @Test
  void aPlanShowsItsBytesByPart() {
    assertThat(new PlanSection(findings(6)).html())
        .contains("of it codes")
        .containsPattern(
            "<td class=n>321</td><td class=n></td><td class=n></td><td class=n>[01]</td>");
  }

  @Test
  void layersThatKeepAlikeShareARow() {
    String pairs = new HoldingTables(findings(6)).pairs("plan-04");
    assertThat(pairs)
        .contains("<td>0-14<td class='n heat' style='--v:42%'>41.7<td>50 50 25<td class=n>25")
        .contains("<td>15-29<td class='n heat' style='--v:21%'>20.8<td>25 25 13<td class=n>25");
    assertThat(new HoldingTables(findings(6)).pairs("unknown")).isEmpty();
  }

  @Test
  void theFateOfAnswersIsToldByTaskAndQuestion() {
    assertThat(new HoldingTables(findings(6)).fates("plan-04"))
        .contains("<td>kv<td class=n>16<td class=n>12.5 %<td class=n>25 %<td class=n>62.5 %");
    assertThat(new WorstTable(findings(6)).html("plan-04"))
        .contains("kept 12.5 %, coded 25 %, dropped 62.5 %");
  }

  @Test
  void percentilesAreOverContexts() {
    List<DivergenceRow> rows =
        findings(6).divergences().stream().filter(r -> r.planSha().equals("plan-04")).toList();
    DivergenceRow worst = rows.getFirst();
    List<DivergenceRow> some =
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    new DivergenceRow(
                        worst.build(),
                        worst.modelSha(),
                        worst.planSha(),
                        "item" + i,
                        "blind",
                        "exact",
                        0,
                        false,
                        1,
                        0,
                        0,
                        i,
                        0,
                        0,
                        0))
            .toList();
    assertThat(DivergenceTable.ofContexts(some, 0.5)).isEqualTo(4);
    assertThat(DivergenceTable.ofContexts(some, 0.9)).isEqualTo(8);
    assertThat(DivergenceTable.ofContexts(some, 1)).isEqualTo(9);
  }

  @Test
  void theSmallestDetectableDifferencesStandBesideN() {
    assertThat(new MethodSection(findings(6)).html())
        .contains("<td>kv</td><td class=n>8</td><td>0.130 to 0.150</td>");
  }

  @Test
  void plansOfOneArgumentAreAFamily() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("a", "knorm(keep=50%) | kivi(bits=2)");
    texts.put("b", "knorm(keep=25%) | kivi(bits=2)");
    texts.put("c", "knorm(keep=25%) | kivi(bits=4)");
    texts.put("d", "q8");
    assertThat(Families.of(texts))
        .containsExactly(
            entry("knorm(keep=*) | kivi(bits=2)", List.of("a", "b")),
            entry("knorm(keep=25%) | kivi(bits=*)", List.of("b", "c")));
  }

  @Test
  void atEqualBytesValuesLieBetweenMeasuredNeighboursAndNowhereElse() {
    EqualBytesTable table =
        new EqualBytesTable(
            List.of(measured("a", 400, 0.9), measured("b", 100, 0.5), measured("c", 400, 0.1)),
            800);
    List<Optional<Averages>> values = table.values(List.of("a", "b"));
    assertThat(values.get(0).orElseThrow().value()).isEqualTo(0.9);
    assertThat(values.get(1).orElseThrow().value()).isCloseTo(0.7, within(1e-12));
    assertThat(values.get(1).orElseThrow().lo().orElseThrow()).isCloseTo(0.6, within(1e-12));
    assertThat(values.get(2).orElseThrow().value()).isEqualTo(0.5);
    assertThat(values.get(3)).isEmpty();
    assertThat(table.values(List.of("a", "b", "c"))).allMatch(Optional::isEmpty);
    assertThat(table.html("R")).isEmpty(); // no family among these texts
    assertThat(page(64))
        .contains("<th>R at equal bytes</th><th class=n>50 % of f16</th>")
        .contains("<code>snapkv(keep=*) | kivi(bits=2)</code>");
  }

  private static EqualBytesTable.Measured measured(String sha, double bytes, double quality) {
    return new EqualBytesTable.Measured(
        sha,
        sha,
        bytes,
        new Averages(
            quality, OptionalDouble.of(quality - 0.1), OptionalDouble.of(quality + 0.1), 1));
  }

  @Test
  void aShareOfNothingIsCalledNothing() {
    assertThat(new PlanSection(findings(6)).html())
        .contains("nothing compressed", "97 %", "SnapKV", "Its worst questions");
  }

  @Test
  void thePageOfAFileIsThatOfItsRows() {
    try (Results results = Results.open(temp.resolve("results.duckdb"))) {
      results.putAll(Invented.rows(3));
      assertThat(Report.html(results)).contains("3 plans, 1 model, 96 questions, 288 answers.");
    }
  }

  @Test
  void anEmptyFileIsAPageToo() {
    try (Results results = Results.open(temp.resolve("empty.duckdb"))) {
      assertThat(Report.html(results)).contains("No task was measured yet", "</html>");
    }
  }

  @Test
  void theFrontHoldsWhatNoPlanBeatsInBoth() {
    List<ParetoChart.Dot> dots =
        List.of(dot("a", 1, 0.2), dot("b", 2, 0.1), dot("c", 3, 0.9), control("d", 0.5, 1));
    assertThat(ParetoChart.front(dots, true, false))
        .extracting(ParetoChart.Dot::plan)
        .containsExactly("a", "c");
    assertThat(ParetoChart.front(dots, true, true))
        .extracting(ParetoChart.Dot::plan)
        .containsExactly("a", "b");
    assertThat(ParetoChart.front(dots, false, false))
        .extracting(ParetoChart.Dot::plan)
        .containsExactly("c");
  }

  @Test
  void anAxisHasAtLeastThreeTicks() {
    assertThat(ParetoChart.ticks(700, 9000)).containsExactly(1024, 2048, 4096, 8192);
    assertThat(ParetoChart.ticks(19, 33)).containsExactly(20, 25, 30);
    assertThat(ParetoChart.ticks(0.9, 1.16))
        .containsExactly(new double[] {0.9, 0.95, 1, 1.05, 1.1, 1.15}, within(1e-9));
  }

  @Test
  void theSpreadOfAMeanOverTasksAddsInSquares() {
    List<SummaryRow> rows =
        findings(6).summaries(new Scene("model", 2048, "blind", "exact"), "r").stream()
            .filter(row -> row.planSha().equals("plan-03") && row.testable())
            .toList();
    Averages mean = Averages.of(rows).orElseThrow();
    assertThat(mean.tasks()).isEqualTo(2);
    assertThat(mean.value()).isCloseTo(0.55, within(1e-9));
    assertThat(mean.lo().orElseThrow()).isCloseTo(0.55 - 0.02 / Math.sqrt(2), within(1e-9));
    assertThat(Averages.of(List.of())).isEmpty();
  }

  @Test
  void costIsTheMedianOfRoundsAtTheNearestLength() {
    List<CostRow> rows =
        Stream.concat(
                Stream.of(100.0, 400.0, 300.0)
                    .map(speed -> cost("p", 2000, (int) (speed / 100), speed)),
                Stream.of(1, 4, 3).map(round -> cost("f16", 2000, round, 200)))
            .toList();
    Cost cost = Cost.nearest(rows, "p", 5000, Optional.of("f16")).orElseThrow();
    assertThat(cost.ctx()).isEqualTo(2000);
    assertThat(cost.bytesPerToken()).isEqualTo(8);
    assertThat(cost.decodeTps()).isEqualTo(300);
    assertThat(cost.decodeRatio()).hasValue(1.5);
    assertThat(Cost.nearest(rows, "q", 2000, Optional.empty())).isEmpty();
  }

  private static CostRow cost(String plan, int ctx, int round, double speed) {
    return new CostRow("r", "m", plan, ctx, round, 8L * ctx, 0, 0, 0, 0, 0, speed);
  }

  private static ParetoChart.Dot dot(String plan, double cost, double quality) {
    return new ParetoChart.Dot(
        plan,
        cost,
        new Averages(quality, OptionalDouble.empty(), OptionalDouble.empty(), 1),
        false);
  }

  private static ParetoChart.Dot control(String plan, double cost, double quality) {
    return new ParetoChart.Dot(plan, cost, dot(plan, cost, quality).quality(), true);
  }

  /** Rows as a file of results has them. */
  private record Listed(List<Row> rows) implements Findings.Source {
    @Override
    public <R extends Row> List<R> rows(Class<R> type) {
      return rows.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  private static Findings findings(int plans) {
    return Findings.of(new Listed(Invented.rows(plans)));
  }

  private static String page(int plans) {
    return Report.html(findings(plans));
  }
}
