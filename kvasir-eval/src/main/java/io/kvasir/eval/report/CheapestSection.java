package io.kvasir.eval.report;

import io.kvasir.eval.cost.Cost;
import io.kvasir.eval.stat.Bootstrap;
import io.kvasir.eval.store.SummaryRow;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Of each task the plan with the fewest bytes whose whole interval stays near f16: for a score,
 * {@code lo of (plan - f16) >= -share * f16}; where a text goes on, for the negative log-likelihood
 * {@code hi of (plan - f16) <= ln(1 + share)}, which is the ratio of perplexities.
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
      Map<String, List<SummaryRow>> tasks = new TreeMap<>(byTask(scene, "score"));
      tasks.putAll(byTask(scene, "nll"));
      Map<String, Set<String>> untouched = findings.untouched(scene);
      tasks.forEach(
          (task, rows) ->
              add(table, scene, task, compressed(rows, untouched.getOrDefault(task, Set.of()))));
    }
    return table.isEmpty() ? "<p>No task was measured yet.</p>\n" : table.html();
  }

  private Map<String, List<SummaryRow>> byTask(Scene scene, String metric) {
    return findings.summaries(scene, metric).stream()
        .collect(Collectors.groupingBy(SummaryRow::task));
  }

  /** Plans that changed anything. */
  private static List<SummaryRow> compressed(List<SummaryRow> rows, Set<String> untouched) {
    return rows.stream().filter(row -> !untouched.contains(row.planSha())).toList();
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
              .orElseGet(() -> "<span class=soft>%s</span>".formatted(none(rows)));
      cells[6 + 2 * s] =
          best.flatMap(this::cost).map(cost -> Figures.grouped(cost.bytesPerToken())).orElse("");
    }
    table.row(cells);
  }

  private Optional<Cost> cost(SummaryRow row) {
    return findings.cost(row.modelSha(), row.planSha(), row.ctx());
  }

  private static String none(List<SummaryRow> rows) {
    return rows.stream().anyMatch(row -> row.lo().isPresent())
        ? "none shown"
        : "no interval: fewer than %d contexts".formatted(Bootstrap.FEWEST_CONTEXTS);
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
