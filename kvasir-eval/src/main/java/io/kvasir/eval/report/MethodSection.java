package io.kvasir.eval.report;

import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.SummaryRow;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How the numbers came about, all of them, and what was left out of means. */
final class MethodSection {
  private static final String FORMULAS =
      """
      <ul>
      <li>A <b>context</b> is the unit of all statistics. n is the number of contexts; below 8 no interval is given.</li>
      <li><b>R</b>, retained quality: (plan &minus; no-context) / (f16 &minus; no-context); what a model answers from memory
      counts for nothing.</li>
      <li><b>Testable</b> is a task where f16 &minus; no-context is at least 0.3 and its 95 % interval excludes 0. Others are
      hatched, and outside all means.</li>
      <li><b>Intervals</b> are 95 %, of the paired difference to f16: bias-corrected and accelerated bootstrap over contexts,
      10,000 resamples. A mean over tasks adds their distances to the ends in squares.</li>
      <li><b>Detectable</b>: the smallest difference to f16 that a two-sided paired test at 5 % finds in four runs of five,
      given the spread of the differences and n: (t<sub>0.975</sub> + t<sub>0.8</sub>) s / &radic;n; least and most of the plans.</li>
      <li><b>Equal bytes</b>: linear in log<sub>2</sub>(bytes) between the two measured neighbours of a family of plans that
      differ in one argument; nothing beyond what was measured, and no mean over models.</li>
      <li><b>Texts</b> that go on: f16's perplexity over the plan's stands in the heat map; a plan is within 1 % when that ratio is.</li>
      <li><b>p</b>: sign-flip test of the paired differences, adjusted by Holm within a chart.</li>
      <li><b>KL</b>: from f16 to the plan, nats per token, in f64 over the whole vocabulary.</li>
      <li><b>Coded</b>: share of the (query, key) pairs behind scored tokens whose key was not exact or not read.</li>
      <li><b>Cost</b>: a JVM of its own for each plan and round; medians over rounds, ratios to f16 of the same round. Where a
      length has no cost, that of the nearest length per token is shown.</li>
      </ul>
      """;

  private final Findings findings;

  MethodSection(Findings findings) {
    this.findings = findings;
  }

  String html() {
    return FORMULAS + contexts() + excluded() + failed();
  }

  private String contexts() {
    HtmlTable table =
        new HtmlTable(
            "model", "#ctx", "protocol", "prefill", "task", "#n", "detectable score", "KL", "NLL");
    findings
        .scenes()
        .forEach(
            scene -> {
              Map<String, Integer> tasks =
                  findings.summaries().stream()
                      .filter(row -> Scene.of(row).equals(scene))
                      .collect(
                          Collectors.toMap(
                              SummaryRow::task, SummaryRow::nContexts, Math::max, TreeMap::new));
              tasks.forEach(
                  (task, n) ->
                      table.row(
                          Html.escape(findings.model(scene.modelSha())),
                          Figures.grouped(scene.ctx()),
                          scene.protocol(),
                          scene.prefill(),
                          Html.escape(task),
                          Integer.toString(n),
                          detectable(scene, task, "score"),
                          detectable(scene, task, "kl"),
                          detectable(scene, task, "nll")));
            });
    return table.html();
  }

  /** From the least to the most that the plans of a cell need; controls aside. */
  private String detectable(Scene scene, String task, String metric) {
    DoubleSummaryStatistics range =
        findings.summaries(scene, metric + "_detectable").stream()
            .filter(row -> row.task().equals(task) && !findings.isControl(row.planSha()))
            .mapToDouble(SummaryRow::value)
            .summaryStatistics();
    return range.getCount() == 0
        ? ""
        : "%s to %s"
            .formatted(Figures.significant(range.getMin()), Figures.significant(range.getMax()));
  }

  private String excluded() {
    List<String> cells =
        findings.summaries().stream()
            .filter(row -> !row.testable())
            .map(row -> row.task() + " in " + findings.title(Scene.of(row)))
            .distinct()
            .sorted()
            .map(text -> "<li>%s</li>".formatted(Html.escape(text)))
            .toList();
    return cells.isEmpty()
        ? "<p>Every task was testable.</p>\n"
        : "<p>Not testable, and outside all means:</p>\n<ul>%s</ul>\n"
            .formatted(String.join("", cells));
  }

  private String failed() {
    Map<String, Long> errors =
        findings.answers().stream()
            .map(AnswerRow::error)
            .flatMap(error -> error.stream())
            .collect(Collectors.groupingBy(error -> error, TreeMap::new, Collectors.counting()));
    if (errors.isEmpty()) {
      return "<p>Nothing failed.</p>\n";
    }
    HtmlTable table = new HtmlTable("what failed", "#questions");
    errors.forEach((error, count) -> table.row(Html.escape(error), Long.toString(count)));
    return table.html();
  }
}
