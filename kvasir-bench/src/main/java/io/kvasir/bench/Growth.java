package io.kvasir.bench;

import static io.kvasir.bench.PeerTables.format;
import static io.kvasir.bench.PeerTables.megabytes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/**
 * How time and bytes grow with the tokens in the cache, plan by plan.
 *
 * @param results of kind {@code growth}: one decoding test for each depth and plan
 */
record Growth(List<Result> results) {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 400;

  /** The chart, and one row per depth and plan: the prefill, a decoded token, the cache. */
  String table() {
    MarkdownTable table =
        new MarkdownTable(2, "tokens", "plan", "prefill", "a token", "cache", "resident");
    for (Result result : results) {
      table.add(
          format("%.0f", result.number("n_depth")),
          '`' + result.plan() + '`',
          format("%.2f s", prefill(result)),
          format("%.1f ms", 1000 / result.number("avg_ts")),
          megabytes(result.number("kv_bytes")),
          megabytes(result.number("rss_bytes")));
    }
    String chart = "![Growth of time and bytes with the tokens in the cache](growth.png)\n\n";
    return results.isEmpty() ? table.toString() : chart + table;
  }

  /** What the curves are made of: a constant and a part that grows, by least squares. */
  String fits() {
    MarkdownTable table =
        new MarkdownTable(
            1, "plan", "prefill", "and with its square", "a token", "and per 1000 in the cache");
    byPlan()
        .forEach(
            (plan, rows) -> {
              Line prefill = Line.through(rows, r -> prefill(r) * 1e6 / r.number("n_depth"));
              Line decode = Line.through(rows, r -> 1000 / r.number("avg_ts"));
              table.add(
                  '`' + plan + '`',
                  format("%.0f µs a token", prefill.constant),
                  // the tokens of a prompt of n have n / 2 before them, on average
                  format("+ %.1f µs a token per 1000 before it", 2000 * prefill.slope),
                  format("%.1f ms", decode.constant),
                  format("+ %.2f ms", 1000 * decode.slope));
            });
    return table.toString();
  }

  /** Prefill seconds, milliseconds a token, and megabytes, over tokens, side by side. */
  void draw(Path png) {
    List<XYChart> charts =
        List.of(
            chart("prefill, seconds", Growth::prefill),
            chart("a decoded token, ms", result -> 1000 / result.number("avg_ts")),
            chart("cache, MB", result -> result.number("kv_bytes") / 1e6));
    try {
      BitmapEncoder.saveBitmap(
          charts, 1, charts.size(), png.toString(), BitmapEncoder.BitmapFormat.PNG);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + png, e);
    }
  }

  private XYChart chart(String title, ToDoubleFunction<Result> value) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("tokens in the cache")
            .build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    byPlan()
        .forEach(
            (plan, rows) ->
                chart.addSeries(
                    plan,
                    rows.stream().mapToDouble(r -> r.number("n_depth")).toArray(),
                    rows.stream().mapToDouble(value).toArray()));
    return chart;
  }

  private Map<String, List<Result>> byPlan() {
    return results.stream()
        .collect(Collectors.groupingBy(Result::plan, TreeMap::new, Collectors.toList()));
  }

  private static double prefill(Result result) {
    return result.number("fill_ns") / 1e9;
  }

  /** A straight line over the tokens in the cache. */
  record Line(double constant, double slope) {
    static Line through(List<Result> rows, ToDoubleFunction<Result> value) {
      double meanX = rows.stream().mapToDouble(r -> r.number("n_depth")).average().orElse(0);
      double meanY = rows.stream().mapToDouble(value).average().orElse(0);
      double up = 0;
      double across = 0;
      for (Result row : rows) {
        double x = row.number("n_depth") - meanX;
        up += x * (value.applyAsDouble(row) - meanY);
        across += x * x;
      }
      double slope = across == 0 ? 0 : up / across;
      return new Line(meanY - slope * meanX, slope);
    }
  }
}
