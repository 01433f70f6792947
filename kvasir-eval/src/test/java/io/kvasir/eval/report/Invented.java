package io.kvasir.eval.report;

import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.ClaimRow;
import io.kvasir.eval.store.CostRow;
import io.kvasir.eval.store.DivergenceRow;
import io.kvasir.eval.store.EnvRow;
import io.kvasir.eval.store.FateRow;
import io.kvasir.eval.store.ItemRow;
import io.kvasir.eval.store.KeptRow;
import io.kvasir.eval.store.ModelRow;
import io.kvasir.eval.store.PartRow;
import io.kvasir.eval.store.PlanRow;
import io.kvasir.eval.store.Row;
import io.kvasir.eval.store.RunRow;
import io.kvasir.eval.store.SummaryRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Results as a sweep could leave them, at a size of one's choice: plans that keep less lose more,
 * {@code cwe} is beyond the model, and there is text that would break a careless page.
 */
final class Invented {
  static final List<String> TASKS = List.of("niah-s1", "kv", "cwe");
  static final List<Integer> SIZES = List.of(2048, 4096);
  static final String HOSTILE = "</td><script>alert('&')</script>\u0007";
  private static final int CONTEXTS = 8;
  private static final int QUESTIONS = 2;
  private static final int LAYERS = 30;

  private final Random random = new Random(3);
  private final List<Row> rows = new ArrayList<>();
  private final List<String> plans = new ArrayList<>(List.of("f16", "no-context"));

  private Invented() {}

  /**
   * @param plans all together, at least 2
   */
  static List<Row> rows(int plans) {
    Invented invented = new Invented();
    for (int p = 2; p < plans; p++) {
      invented.plans.add(
          p == 2
              ? "random(keep=50%)"
              : "snapkv(keep=%d%%) | kivi(bits=%d)".formatted(100 - p, 2 + p % 2 * 2));
    }
    invented.setting();
    invented.items();
    for (int p = 0; p < plans; p++) {
      invented.plan(p);
    }
    return invented.rows;
  }

  private void setting() {
    rows.add(
        new RunRow(
            "run-1",
            Instant.parse("2026-01-31T09:30:00Z"),
            "done",
            "abc1234",
            false,
            "kvasir eval --plans <plans.txt>",
            1,
            "{}"));
    rows.add(
        new EnvRow(
            "run-1",
            "Linux",
            "EPYC",
            2,
            8_000_000_000L,
            "25",
            "-Xmx2g",
            "512 bit",
            "3.8",
            2,
            16.1,
            57.3,
            0.2));
    rows.add(new ModelRow("model", "smollm2", "llama", "Q4_1, Q8_0", LAYERS, 9, 3, 64, 8192));
    rows.add(
        new ClaimRow(
            "run-1",
            "snap-beats-random",
            "sha",
            "model",
            2048,
            OptionalDouble.of(0.9),
            OptionalDouble.of(0.5),
            OptionalDouble.of(0.2),
            OptionalDouble.of(0.6),
            CONTEXTS,
            "held",
            "the interval lies above 0"));
  }

  private void items() {
    for (String task : TASKS) {
      for (int ctx : SIZES) {
        for (int c = 0; c < CONTEXTS; c++) {
          for (int q = 0; q < QUESTIONS; q++) {
            rows.add(
                new ItemRow(
                    item(task, ctx, c, q),
                    task,
                    1,
                    "",
                    ctx,
                    1,
                    c,
                    q,
                    OptionalDouble.of((c + 0.5) / CONTEXTS),
                    ctx - 40,
                    12,
                    List.of("gold <" + c + ">")));
          }
        }
      }
    }
  }

  private static String item(String task, int ctx, int context, int question) {
    return "%s-%d-%d-%d".formatted(task, ctx, context, question);
  }

  private String sha(int plan) {
    return "plan-%02d".formatted(plan);
  }

  /** What a plan keeps of the quality: all for f16, nothing without a context. */
  private double quality(int plan) {
    return plan == 0 ? 1 : plan == 1 ? 0 : 1 - 0.9 * plan / plans.size();
  }

  private void plan(int plan) {
    rows.add(
        new PlanRow(
            sha(plan),
            plans.get(plan),
            plan == 3 ? HOSTILE : "",
            "codec f16",
            plan == 4 ? Optional.of("small") : Optional.empty()));
    for (int ctx : SIZES) {
      if (plan != 1) {
        cost(plan, ctx);
      }
      for (String task : TASKS) {
        answers(plan, task, ctx);
        summary(plan, task, ctx);
      }
    }
  }

  private void cost(int plan, int ctx) {
    for (int round = 0; round < 3; round++) {
      double speed = 20 + plan % 7 + round;
      rows.add(
          new CostRow(
              "run-1",
              "model",
              sha(plan),
              ctx,
              round,
              Math.round(23_040.0 * ctx * (plan == 0 ? 1 : 0.8 - 0.7 * plan / plans.size())),
              1024,
              90_000_000,
              100,
              10,
              900,
              speed));
    }
    rows.add(new PartRow("run-1", "model", sha(plan), ctx, "codes", 321L * ctx));
    rows.add(new PartRow("run-1", "model", sha(plan), ctx, "side", 1024));
  }

  private void answers(int plan, String task, int ctx) {
    for (int c = 0; c < CONTEXTS; c++) {
      kept(plan, item(task, ctx, c, 0), ctx);
      for (int q = 0; q < QUESTIONS; q++) {
        boolean right = random.nextDouble() < quality(plan);
        rows.add(
            new AnswerRow(
                "abc1234",
                "model",
                sha(plan),
                item(task, ctx, c, q),
                "blind",
                "exact",
                right ? "gold" : HOSTILE.repeat(20),
                OptionalDouble.of(right ? 1 : 0),
                OptionalDouble.of(right ? -0.1 : -7),
                Optional.of(right),
                OptionalInt.of(right ? 0 : -1),
                plan == 3 ? OptionalDouble.of(0) : OptionalDouble.of(0.97),
                Optional.empty()));
        rows.add(
            new FateRow(
                "abc1234",
                "model",
                sha(plan),
                item(task, ctx, c, q),
                "blind",
                "exact",
                4,
                0.125,
                0.25,
                0.625));
        rows.add(
            new DivergenceRow(
                "abc1234",
                "model",
                sha(plan),
                item(task, ctx, c, q),
                "blind",
                "exact",
                0,
                false,
                8,
                2.1 - 0.2 * quality(plan),
                1.9,
                1e-5 + 1 - quality(plan),
                2,
                4,
                quality(plan)));
      }
    }
  }

  /** The upper layers keep half of what the lower ones do. */
  private void kept(int plan, String item, int ctx) {
    List<Integer> pairs = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      int share = layer < LAYERS / 2 ? 2 : 4;
      pairs.addAll(List.of(ctx / share, ctx / share, ctx / (2 * share)));
    }
    List<Integer> coded = pairs.stream().map(stored -> stored / 4).toList();
    rows.add(new KeptRow("abc1234", "model", sha(plan), item, "blind", "exact", ctx, pairs, coded));
  }

  private void summary(int plan, String task, int ctx) {
    double quality = quality(plan);
    boolean testable = !task.equals("cwe");
    rows.add(row(plan, task, ctx, "r", quality, testable));
    rows.add(row(plan, task, ctx, "score", 0.9 * quality, testable));
    rows.add(row(plan, task, ctx, "kl", 1e-5 + 1 - quality, true));
    rows.add(row(plan, task, ctx, "gold_lnp", -3.21, testable));
    rows.add(row(plan, task, ctx, "coded_share", plan == 3 ? 0 : 0.97, testable));
    rows.add(row(plan, task, ctx, "score_detectable", 0.1 + 0.01 * plan, testable));
  }

  private SummaryRow row(
      int plan, String task, int ctx, String metric, double value, boolean testable) {
    double f16 = metric.equals("kl") ? 0 : metric.equals("r") ? 1 : 0.9;
    double half = 0.02;
    return new SummaryRow(
        "run-1",
        "model",
        sha(plan),
        task,
        ctx,
        "blind",
        "exact",
        metric,
        CONTEXTS,
        value,
        OptionalDouble.of(f16),
        OptionalDouble.of(value - f16),
        OptionalDouble.of(value - f16 - half),
        OptionalDouble.of(value - f16 + half),
        OptionalDouble.of(0.01),
        OptionalDouble.of(0.04),
        testable);
  }
}
