package io.kvasir.eval.report;

import io.kvasir.eval.store.DivergenceRow;
import io.kvasir.eval.store.ItemRow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a plan strays from f16 where texts go on, per task and length: means over tokens,
 * percentiles over contexts of their mean KL, and of single tokens the largest 99th percentile of a
 * context and the maximum.
 */
final class DivergenceTable {
  private final Findings findings;
  private final Map<String, List<DivergenceRow>> byPlan;

  DivergenceTable(Findings findings) {
    this.findings = findings;
    byPlan = findings.divergences().stream().collect(Collectors.groupingBy(DivergenceRow::planSha));
  }

  String html(String planSha) {
    HtmlTable table =
        new HtmlTable(
            "model",
            "task",
            "#ctx",
            "tokens",
            "protocol",
            "prefill",
            "#n",
            "#KL mean",
            "#median context",
            "#90 % of contexts",
            "#worst context",
            "#99 % of tokens",
            "#worst token",
            "#same top",
            "#PPL ratio");
    byPlan.getOrDefault(planSha, List.of()).stream()
        .collect(Collectors.groupingBy(this::group, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(rows -> add(table, rows));
    return table.isEmpty() ? "" : "<p>Divergence from f16:</p>\n" + table.html();
  }

  private String group(DivergenceRow row) {
    return "%s/%s/%08d/%b/%s/%s"
        .formatted(row.modelSha(), task(row), ctx(row), row.far(), row.protocol(), row.prefill());
  }

  private Optional<ItemRow> item(DivergenceRow row) {
    return Optional.ofNullable(findings.items().get(row.itemSha()));
  }

  private String task(DivergenceRow row) {
    return item(row).map(ItemRow::task).orElse("");
  }

  private int ctx(DivergenceRow row) {
    return item(row).map(ItemRow::ctx).orElse(0);
  }

  private void add(HtmlTable table, List<DivergenceRow> rows) {
    DivergenceRow first = rows.getFirst();
    double tokens = rows.stream().mapToDouble(DivergenceRow::n).sum();
    double top = rows.stream().mapToDouble(row -> row.n() * row.top1()).sum();
    double nll = rows.stream().mapToDouble(row -> row.n() * (row.nll() - row.nllF16())).sum();
    table.row(
        Html.escape(findings.model(first.modelSha())),
        Html.escape(task(first)),
        Figures.grouped(ctx(first)),
        first.far() ? "far" : "all",
        first.protocol(),
        first.prefill(),
        Figures.grouped(tokens),
        Figures.significant(klOf(rows)),
        Figures.significant(ofContexts(rows, 0.5)),
        Figures.significant(ofContexts(rows, 0.9)),
        Figures.significant(ofContexts(rows, 1)),
        Figures.significant(rows.stream().mapToDouble(DivergenceRow::klP99).max().orElse(0)),
        Figures.significant(rows.stream().mapToDouble(DivergenceRow::klMax).max().orElse(0)),
        Figures.decimals(3, top / tokens),
        Figures.decimals(3, Math.exp(nll / tokens)));
  }

  /** Mean over tokens. */
  private static double klOf(List<DivergenceRow> rows) {
    return rows.stream().mapToDouble(row -> row.n() * row.klMean()).sum()
        / rows.stream().mapToDouble(DivergenceRow::n).sum();
  }

  /** The smallest mean KL of a context that this share of the contexts do not exceed. */
  static double ofContexts(List<DivergenceRow> rows, double share) {
    double[] means =
        rows.stream().collect(Collectors.groupingBy(DivergenceRow::itemSha)).values().stream()
            .mapToDouble(DivergenceTable::klOf)
            .toArray();
    Arrays.sort(means);
    return means[(int) Math.ceil(share * means.length) - 1];
  }
}
