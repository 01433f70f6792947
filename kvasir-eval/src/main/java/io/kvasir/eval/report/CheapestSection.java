package io.kvasir.eval.report;

import io.kvasir.eval.cost.Cost;
import io.kvasir.eval.store.SummaryRow;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Of each task the plan with the fewest bytes whose whole interval stays near f16: for a score,
 * {@code lo of (plan - f16) >= -share * f16}; for a negative log-likelihood, {@code hi of (plan -
 * f16) <= ln(1 + share)}, which is the ratio of perplexities.
 */
final class CheapestSection {
  private static final List<Double> SHARES = List.of(0.01, 0.05);

  private final Findings findings;

  CheapestSection(Findings findings) {
    this.findings = findings;
  }

  String html() {
    HtmlTable table =
        new HtmlTable(
            "model",
            "#ctx",
            "protocol",
            "prefill",
            "task",
            "within 1 % of f16",
            "#bytes/token",
            "within 5 %",
            "#bytes/token");
    for (Scene scene : findings.scenes()) {
      Map<String, List<SummaryRow>> tasks =
          findings.summaries().stream()
              .filter(row -> Scene.of(row).equals(scene) && isQuality(row))
              .collect(Collectors.groupingBy(SummaryRow::task, TreeMap::new, Collectors.toList()));
      tasks.forEach((task, rows) -> add(table, scene, task, rows));
    }
    return table.isEmpty() ? "<p>No task was measured yet.</p>\n" : table.html();
  }

  private void add(HtmlTable table, Scene scene, String task, List<SummaryRow> rows) {
    String[] cells = {
      Html.escape(findings.model(scene.modelSha())),
      Figures.grouped(scene.ctx()),
      scene.protocol(),
      scene.prefill(),
      Html.escape(task),
      "",
      "",
      "",
      ""
    };
    for (int s = 0; s < SHARES.size(); s++) {
      double share = SHARES.get(s);
      if (rows.stream().noneMatch(SummaryRow::testable)) {
        cells[5 + 2 * s] = "<span class=soft>not testable here</span>";
        continue;
      }
      Optional<SummaryRow> best =
          rows.stream()
              .filter(row -> isNear(row, share) && cost(row).isPresent())
              .min(Comparator.comparingDouble(row -> cost(row).orElseThrow().bytesPerToken()));
      cells[5 + 2 * s] =
          best.map(row -> "<code>%s</code>".formatted(Html.escape(findings.plan(row.planSha()))))
              .orElse("<span class=soft>none shown</span>");
      cells[6 + 2 * s] =
          best.flatMap(this::cost).map(cost -> Figures.grouped(cost.bytesPerToken())).orElse("");
    }
    table.row(cells);
  }

  private Optional<Cost> cost(SummaryRow row) {
    return findings.cost(row.modelSha(), row.planSha(), row.ctx());
  }

  private static boolean isQuality(SummaryRow row) {
    return row.metric().equals("score") || row.metric().equals("nll");
  }

  private boolean isNear(SummaryRow row, double share) {
    if (!row.testable() || row.f16().isEmpty() || findings.text(row.planSha()).equals("f16")) {
      return false;
    }
    return row.metric().equals("nll")
        ? row.hi().isPresent() && row.hi().getAsDouble() <= Math.log1p(share)
        : row.lo().isPresent() && row.lo().getAsDouble() >= -share * row.f16().getAsDouble();
  }
}
