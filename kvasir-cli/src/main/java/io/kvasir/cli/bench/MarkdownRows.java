package io.kvasir.cli.bench;

import io.kvasir.engine.fit.ByteSize;
import io.kvasir.kv.KvPlan;
import java.util.List;
import java.util.Locale;

/**
 * Rows of a Markdown table in llama-bench's columns, and four of ours: the plan, the speed's share
 * of the machine's limit, the cache's bytes per token, the process' resident bytes. Widths are
 * fixed beforehand, because rows are printed one by one.
 */
final class MarkdownRows {
  private static final double MIB = 1 << 20;

  private final List<Column> columns;

  private record Column(String title, int width, boolean right) {}

  /**
   * @param plans that will come
   */
  MarkdownRows(List<KvPlan> plans) {
    int longestPlan = plans.stream().mapToInt(plan -> cell(plan).length()).max().orElse(0);
    columns =
        List.of(
            new Column("model", 30, false),
            new Column("size", 10, true),
            new Column("params", 10, true),
            new Column("backend", 10, false),
            new Column("threads", 7, true),
            new Column("kv", Math.max(2, longestPlan), false),
            new Column("test", 15, true),
            new Column("t/s", 20, true),
            new Column("of limit", 8, true),
            new Column("KV B/token", 10, true),
            new Column("RSS", 8, true));
  }

  /** Two lines. */
  String header() {
    StringBuilder rule = new StringBuilder("|");
    for (Column column : columns) {
      rule.append(' ').append("-".repeat(column.width - 1)).append(column.right ? ": |" : "- |");
    }
    return line(columns.stream().map(Column::title).toList()) + "\n" + rule + "\n";
  }

  String row(BenchSubject subject, BenchResult result) {
    return line(
        List.of(
            subject.type(),
            format("%.2f MiB", subject.bytes() / MIB),
            format("%.2f M", subject.parameters() / 1e6),
            "CPU",
            Integer.toString(subject.limits().threads()),
            cell(result.plan()),
            result.test().toString(),
            format(
                "%.2f \u00b1 %.2f",
                BenchResult.mean(result.speeds()), BenchResult.deviation(result.speeds())),
            format("%.0f %%", 100 * result.shareOfLimit()),
            format("%.0f", result.bytesPerToken()),
            result.residentBytes().map(ByteSize::text).orElse("unknown")));
  }

  private static String cell(KvPlan plan) {
    return plan.toString().replace("|", "\\|");
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < cells.size(); i++) {
      Column column = columns.get(i);
      String padding = " ".repeat(Math.max(0, column.width - cells.get(i).length()));
      line.append(' ').append(column.right ? padding + cells.get(i) : cells.get(i) + padding);
      line.append(" |");
    }
    return line.toString();
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
