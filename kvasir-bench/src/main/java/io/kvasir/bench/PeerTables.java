package io.kvasir.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Kvasir beside llama.cpp, round by round, and its plans beside its own f16.
 *
 * @param results of kind {@code peers}, or another kind that bench/peers wrote
 */
record PeerTables(List<Result> results) {
  private static final String PLAIN = "f16";

  /** Model, test, plan: what several rounds measured. */
  private record Key(String model, String test, String plan) {}

  private Map<Key, List<Result>> rounds(boolean ours) {
    Map<Key, List<Result>> rounds = new LinkedHashMap<>();
    for (Result result : results) {
      if (result.isKvasir() == ours) {
        Key key = new Key(result.model(), result.test(), ours ? result.plan() : PLAIN);
        rounds.computeIfAbsent(key, k -> new ArrayList<>()).add(result);
      }
    }
    return rounds;
  }

  /** Speeds of both programs with a cache of f16, and the share of the machine's limit. */
  String speeds() {
    MarkdownTable table =
        new MarkdownTable(
            2, "model", "test", "llama.cpp t/s", "Kvasir t/s", "ratio of rounds", "of limit");
    Map<Key, List<Result>> theirs = rounds(false);
    rounds(true)
        .forEach(
            (key, ours) -> {
              if (key.plan.equals(PLAIN) && theirs.containsKey(key)) {
                List<Result> peer = theirs.get(key);
                table.add(
                    key.model,
                    '`' + key.test + '`',
                    speed(peer),
                    speed(ours),
                    ratios(ours, peer).toString(),
                    percent(ours, "limit_share"));
              }
            });
    return table.toString();
  }

  /** Speeds of plans against our own f16, beside what the bytes they read would give. */
  String plans() {
    MarkdownTable table =
        new MarkdownTable(3, "model", "test", "plan", "t/s", "to f16", "by bytes", "reached");
    Map<Key, List<Result>> all = rounds(true);
    all.forEach(
        (key, plan) -> {
          List<Result> plain = all.get(new Key(key.model, key.test, PLAIN));
          if (!key.plan.equals(PLAIN) && key.test.startsWith("tg") && plain != null) {
            double bytes =
                plain.getFirst().number("step_bytes") / plan.getFirst().number("step_bytes");
            Spread ratio = ratios(plan, plain);
            table.add(
                key.model,
                '`' + key.test + '`',
                '`' + key.plan + '`',
                speed(plan),
                ratio.toString(),
                format("%.2f", bytes),
                format("%.2f", ratio.median() / bytes));
          }
        });
    return table.toString();
  }

  /** What the process holds beyond weights and cache, at the depths that were measured. */
  String resident() {
    MarkdownTable table =
        new MarkdownTable(3, "model", "test", "plan", "weights", "cache", "resident", "beyond");
    rounds(true)
        .forEach(
            (key, rounds) -> {
              Result last = rounds.getLast();
              if (key.test.startsWith("tg") && key.test.contains("@")) {
                double known = last.number("weight_bytes") + last.number("kv_bytes");
                table.add(
                    key.model,
                    '`' + key.test + '`',
                    '`' + key.plan + '`',
                    megabytes(last.number("weight_bytes")),
                    megabytes(last.number("kv_bytes")),
                    megabytes(last.number("rss_bytes")),
                    megabytes(last.number("rss_bytes") - known));
              }
            });
    return table.toString();
  }

  /** Ratios of the speeds of the same rounds. */
  private static Spread ratios(List<Result> ours, List<Result> theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      ratios.add(ours.get(i).number("avg_ts") / theirs.get(i).number("avg_ts"));
    }
    return Spread.of(ratios);
  }

  private static String speed(List<Result> rounds) {
    return format("%.1f", median(rounds, "avg_ts"));
  }

  private static String percent(List<Result> rounds, String field) {
    return format("%.0f %%", 100 * median(rounds, field));
  }

  private static double median(List<Result> rounds, String field) {
    return Spread.of(rounds.stream().map(result -> result.number(field)).toList()).median();
  }

  static String megabytes(double bytes) {
    return format("%.0f MB", bytes / 1e6);
  }

  static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
