package io.kvasir.eval.report;

import io.kvasir.eval.cost.Cost;
import io.kvasir.eval.store.SummaryRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Quality against cost, a group of charts per scene, and the same numbers as a table. */
final class ParetoSection {
  private final Findings findings;

  ParetoSection(Findings findings) {
    this.findings = findings;
  }

  String html() {
    StringBuilder out = new StringBuilder();
    for (Scene scene : findings.scenes()) {
      String charts =
          chart(scene, "r", "retained quality R", Cost::bytesPerToken, "KV bytes per token")
              + chart(scene, "kl", "KL to f16, nats", Cost::bytesPerToken, "KV bytes per token")
              + chart(
                  scene, "r", "retained quality R", Cost::decodeTps, "decoded tokens per second")
              + equalBytes(scene, "r", "R")
              + equalBytes(scene, "kl", "KL");
      if (!charts.isEmpty()) {
        out.append("<h3>%s</h3>\n".formatted(Html.escape(findings.title(scene)))).append(charts);
      }
    }
    return out.isEmpty() ? "<p>Nothing has both a quality and a cost yet.</p>\n" : out.toString();
  }

  /** Of each plan the mean over tasks that can show a loss, and the digest. */
  private Map<String, Averages> qualities(Scene scene, String metric) {
    Map<String, List<SummaryRow>> plans =
        findings.summaries(scene, metric).stream()
            .filter(row -> row.testable() || !metric.equals("r"))
            .collect(
                Collectors.groupingBy(
                    SummaryRow::planSha, LinkedHashMap::new, Collectors.toList()));
    Map<String, Averages> qualities = new LinkedHashMap<>();
    plans.forEach((plan, rows) -> Averages.of(rows).ifPresent(mean -> qualities.put(plan, mean)));
    return qualities;
  }

  private String chart(
      Scene scene, String metric, String quality, ToDoubleFunction<Cost> cost, String price) {
    List<ParetoChart.Dot> dots = new ArrayList<>();
    qualities(scene, metric)
        .forEach(
            (plan, mean) ->
                cost(scene, plan)
                    .ifPresent(
                        paid ->
                            dots.add(
                                new ParetoChart.Dot(
                                    findings.plan(plan),
                                    cost.applyAsDouble(paid),
                                    mean,
                                    findings.isControl(plan)))));
    if (dots.isEmpty()) {
      return "";
    }
    boolean fewer = price.contains("bytes");
    return "<figure><div class=scroll>%s</div>%s</figure>\n"
        .formatted(
            new ParetoChart(dots, price, quality, fewer, metric.equals("kl")).svg(),
            table(dots, price, quality));
  }

  private Optional<Cost> cost(Scene scene, String plan) {
    return findings.cost(scene.modelSha(), plan, scene.ctx());
  }

  private String equalBytes(Scene scene, String metric, String quality) {
    List<EqualBytesTable.Measured> measured = new ArrayList<>();
    qualities(scene, metric)
        .forEach(
            (plan, mean) ->
                cost(scene, plan)
                    .ifPresent(
                        paid ->
                            measured.add(
                                new EqualBytesTable.Measured(
                                    plan, findings.text(plan), paid.bytesPerToken(), mean))));
    return findings
        .f16()
        .flatMap(plan -> cost(scene, plan))
        .map(f16 -> new EqualBytesTable(measured, f16.bytesPerToken()).html(quality))
        .orElse("");
  }

  private static String table(List<ParetoChart.Dot> dots, String price, String quality) {
    HtmlTable table = new HtmlTable("#no", "plan", "#" + price, "#" + quality, "95 %", "#tasks");
    for (int i = 0; i < dots.size(); i++) {
      ParetoChart.Dot dot = dots.get(i);
      table.row(
          Integer.toString(i + 1),
          "<code>%s</code>%s"
              .formatted(Html.escape(dot.plan()), dot.isControl() ? " <i>control</i>" : ""),
          Figures.decimals(1, dot.cost()),
          Figures.significant(dot.quality().value()),
          Figures.interval(dot.quality().lo(), dot.quality().hi()),
          Integer.toString(dot.quality().tasks()));
    }
    return "<details><summary>%s against %s as a table</summary>%s</details>"
        .formatted(quality, price, table.html());
  }
}
