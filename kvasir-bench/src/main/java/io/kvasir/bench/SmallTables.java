package io.kvasir.bench;

import static io.kvasir.bench.PeerTables.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Tables of one kind of result each. */
final class SmallTables {
  private SmallTables() {}

  /** Decoding of 1 to 16 sequences in one batch, against one. */
  static String batches(List<Result> results) {
    MarkdownTable table = new MarkdownTable(2, "model", "test", "t/s", "to one sequence");
    Map<String, Double> alone = new LinkedHashMap<>();
    for (Result result : results) {
      double speed = result.number("avg_ts");
      double one = alone.computeIfAbsent(result.model(), model -> speed);
      table.add(
          result.model(), '`' + result.test() + '`', format("%.1f", speed), ratio(speed, one));
    }
    return table.toString();
  }

  /** Seconds from the start of the process to its end after one token. */
  static String start(List<Result> results) {
    MarkdownTable table = new MarkdownTable(1, "model", "llama.cpp", "Kvasir", "ratio of rounds");
    Map<String, Map<Boolean, List<Double>>> seconds = new LinkedHashMap<>();
    for (Result result : results) {
      seconds
          .computeIfAbsent(result.model(), model -> new TreeMap<>())
          .computeIfAbsent(result.isKvasir(), ours -> new ArrayList<>())
          .add(result.number("seconds"));
    }
    seconds.forEach(
        (model, both) -> {
          List<Double> ours = both.getOrDefault(true, List.of());
          List<Double> theirs = both.getOrDefault(false, List.of());
          List<Double> ratios = new ArrayList<>();
          for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            ratios.add(ours.get(i) / theirs.get(i));
          }
          if (!ratios.isEmpty()) {
            table.add(
                model,
                format("%.2f s", Spread.of(theirs).median()),
                format("%.2f s", Spread.of(ours).median()),
                Spread.of(ratios).toString());
          }
        });
    return table.toString();
  }

  /** Decoding beside a process that spins, against decoding alone. */
  static String neighbour(List<Result> spinning, List<Result> quiet) {
    MarkdownTable table =
        new MarkdownTable(3, "model", "test", "program", "alone t/s", "beside it t/s", "kept");
    Map<List<String>, List<Double>> alone = speeds(quiet);
    speeds(spinning)
        .forEach(
            (key, speeds) -> {
              if (alone.containsKey(key)) {
                double before = Spread.of(alone.get(key)).median();
                double beside = Spread.of(speeds).median();
                table.add(
                    key.get(0),
                    '`' + key.get(1) + '`',
                    key.get(2),
                    format("%.1f", before),
                    format("%.1f", beside),
                    ratio(beside, before));
              }
            });
    return table.toString();
  }

  private static Map<List<String>, List<Double>> speeds(List<Result> results) {
    Map<List<String>, List<Double>> speeds = new LinkedHashMap<>();
    for (Result result : results) {
      if (!result.isKvasir() || result.plan().equals("f16")) {
        List<String> key = List.of(result.model(), result.test(), program(result));
        speeds.computeIfAbsent(key, k -> new ArrayList<>()).add(result.number("avg_ts"));
      }
    }
    return speeds;
  }

  private static String program(Result result) {
    return result.isKvasir() ? "Kvasir" : "llama.cpp";
  }

  /** What rounding costs in nats. */
  static String rounding(List<Result> results) {
    MarkdownTable table =
        new MarkdownTable(
            1,
            "model",
            "llama.cpp",
            "Kvasir, read",
            "Kvasir, decoded",
            "same top, read",
            "decoded");
    for (Result result : results) {
      JsonNode ours = result.fields().path("kvasir");
      table.add(
          result.model(),
          format("%.5f", result.number("llama_kl")),
          format("%.5f", value(ours, "prompt", "mean_kl")),
          format("%.5f", value(ours, "decoded", "mean_kl")),
          format("%.1f %%", 100 * value(ours, "prompt", "same_top")),
          format("%.1f %%", 100 * value(ours, "decoded", "same_top")));
    }
    return table.toString();
  }

  private static double value(JsonNode ours, String role, String figure) {
    return ours.path(role).path(figure).path("value").asDouble(0);
  }

  /** What the machine can do. */
  static String limits(List<Result> results) {
    MarkdownTable table = new MarkdownTable(1, "limit", "measured");
    for (Result result : results) {
      JsonNode limits = result.fields().path("limits");
      for (Map.Entry<String, JsonNode> set : limits.path("read_bytes_per_second").properties()) {
        table.add(
            format("reading %.1f MB again and again", Double.parseDouble(set.getKey()) / 1e6),
            format("%.0f GB/s", set.getValue().asDouble() / 1e9));
      }
      table.add("f32", operations(limits, "f32"));
      table.add("8 bits in 16-bit lanes", operations(limits, "int8"));
      if (limits.path("bf16").isNumber()) {
        table.add("bf16, through oneDNN", operations(limits, "bf16"));
      }
    }
    return table.toString();
  }

  private static String operations(JsonNode limits, String field) {
    return format("%.0f G operations/s", limits.path(field).asDouble() / 1e9);
  }

  /** Bytes per token of plans, a column for each model, and their share of f16. */
  static String memory(List<Result> results) {
    List<String> titles = new ArrayList<>(List.of("plan"));
    Map<String, List<Double>> bytes = new LinkedHashMap<>();
    for (Result result : results) {
      titles.add(result.text("name"));
      for (JsonNode plan : result.fields().path("plans")) {
        bytes
            .computeIfAbsent(plan.path("plan").asString(""), p -> new ArrayList<>())
            .add(plan.path("cache_bytes").asDouble() / result.number("context"));
      }
    }
    titles.add("of f16");
    MarkdownTable table = new MarkdownTable(1, titles.toArray(String[]::new));
    bytes.forEach(
        (plan, all) -> {
          List<String> cells = new ArrayList<>(List.of('`' + plan + '`'));
          all.forEach(value -> cells.add(format("%,.0f", value)));
          cells.add(share(all, bytes.getOrDefault("f16", all)));
          table.add(cells.toArray(String[]::new));
        });
    return table.toString();
  }

  private static String share(List<Double> bytes, List<Double> plain) {
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < Math.min(bytes.size(), plain.size()); i++) {
      shares.add(100 * bytes.get(i) / plain.get(i));
    }
    Spread spread = Spread.of(shares);
    String least = format("%.0f", spread.least());
    String most = format("%.0f", spread.most());
    return (least.equals(most) ? least : least + "–" + most) + " %";
  }

  private static String ratio(double value, double base) {
    return format("%.2f", value / base);
  }
}
