package io.kvasir.cli;

import io.kvasir.eval.store.PlanRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.SummaryRow;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The summary of a sweep for people: a table for each task and ctx. */
final class EvalTable {
  private final Map<String, PlanRow> plans;
  private final List<String> order;
  private final PrintStream out;

  private EvalTable(Map<String, PlanRow> plans, List<String> order, PrintStream out) {
    this.plans = plans;
    this.order = order;
    this.out = out;
  }

  /** What stands in one table. */
  private record Cell(String model, String task, int ctx, String protocol, String prefill) {
    static Cell of(SummaryRow row) {
      return new Cell(row.modelSha(), row.task(), row.ctx(), row.protocol(), row.prefill());
    }
  }

  /**
   * @param order the texts of the plans, as they are to be listed
   */
  static void print(Results results, List<SummaryRow> rows, List<String> order, PrintStream out) {
    Map<String, PlanRow> plans =
        results.rows(PlanRow.class).stream()
            .collect(Collectors.toMap(PlanRow::planSha, plan -> plan));
    EvalTable table = new EvalTable(plans, order, out);
    rows.stream()
        .collect(Collectors.groupingBy(Cell::of, LinkedHashMap::new, Collectors.toList()))
        .forEach(table::print);
    if (rows.isEmpty()) {
      out.println("no context is done with f16 and a plan yet");
    }
  }

  private void print(Cell cell, List<SummaryRow> rows) {
    Map<String, Map<String, SummaryRow>> byPlan = new LinkedHashMap<>();
    rows.stream()
        .sorted(Comparator.comparingInt(this::place))
        .forEach(
            row ->
                byPlan
                    .computeIfAbsent(label(row), plan -> new LinkedHashMap<>())
                    .put(row.metric(), row));
    SummaryRow first = rows.getFirst();
    out.printf(
        "%n%s, ctx %d, %s, prefill %s, %d contexts%s%n",
        cell.task,
        cell.ctx,
        cell.protocol,
        cell.prefill,
        first.nContexts(),
        first.testable() ? "" : ": not testable, f16 gains too little from the context");
    if (rows.stream().anyMatch(row -> row.metric().equals("kl"))) {
      continuations(byPlan);
    } else {
      lookups(byPlan);
    }
    detectable(byPlan);
  }

  /** What the contexts are too few to show. */
  private void detectable(Map<String, Map<String, SummaryRow>> byPlan) {
    for (String metric : List.of("score", "kl")) {
      DoubleSummaryStatistics range =
          byPlan.entrySet().stream()
              .filter(plan -> !plan.getKey().equals("no-context"))
              .flatMap(plan -> Stream.ofNullable(plan.getValue().get(metric + "_detectable")))
              .mapToDouble(SummaryRow::value)
              .summaryStatistics();
      if (range.getCount() > 0) {
        out.printf(
            Locale.ROOT,
            "smallest detectable difference of %s: %.3g to %.3g%n",
            metric,
            range.getMin(),
            range.getMax());
      }
    }
  }

  private int place(SummaryRow row) {
    PlanRow plan = plans.get(row.planSha());
    return plan == null ? -1 : order.indexOf(plan.text());
  }

  private String label(SummaryRow row) {
    PlanRow plan = plans.get(row.planSha());
    if (plan == null) {
      return row.planSha();
    }
    return plan.tag().equals(Optional.of("floor")) ? plan.label() + " (floor)" : plan.label();
  }

  private void lookups(Map<String, Map<String, SummaryRow>> byPlan) {
    Table table =
        new Table("plan", ">score", ">to f16", ">95 %", ">p Holm", ">retained", ">ln p", ">coded");
    byPlan.forEach(
        (plan, row) ->
            table.row(
                plan,
                text(row, "score", "%.3f", SummaryRow::value),
                of(row, "score", r -> signed(r.diff())),
                of(row, "score", EvalTable::interval),
                of(row, "score", r -> number(r.pHolm(), "%.3f")),
                retained(row),
                text(row, "gold_lnp", "%.3f", SummaryRow::value),
                text(row, "coded_share", "%.3f", SummaryRow::value)));
    table.print(out);
  }

  private void continuations(Map<String, Map<String, SummaryRow>> byPlan) {
    Table table =
        new Table(
            "plan", ">NLL", ">PPL ratio", ">KL", ">95 %", ">top-1", ">KL far", ">agrees", ">coded");
    byPlan.forEach(
        (plan, row) ->
            table.row(
                plan,
                text(row, "nll", "%.4f", SummaryRow::value),
                text(row, "ppl_ratio", "%.4f", SummaryRow::value),
                of(row, "kl", EvalTable::divergence),
                of(row, "kl", EvalTable::interval),
                text(row, "top1", "%.3f", SummaryRow::value),
                of(row, "kl_far", EvalTable::divergence),
                text(row, "score", "%.3f", SummaryRow::value),
                text(row, "coded_share", "%.3f", SummaryRow::value)));
    table.print(out);
  }

  /** Where no scored token has met the compression there is no quality to speak of. */
  private static String retained(Map<String, SummaryRow> row) {
    Optional<SummaryRow> r = Optional.ofNullable(row.get("r"));
    boolean untouched =
        Optional.ofNullable(row.get("coded_share")).map(share -> share.value() == 0).orElse(true);
    if (r.isEmpty()) {
      return "";
    }
    return untouched
        ? "nothing compressed"
        : r.get().testable()
            ? String.format(Locale.ROOT, "%.1f %%", 100 * r.get().value())
            : "not testable";
  }

  private static String text(
      Map<String, SummaryRow> row,
      String metric,
      String format,
      Function<SummaryRow, Double> value) {
    return of(row, metric, r -> String.format(Locale.ROOT, format, value.apply(r)));
  }

  private static String of(
      Map<String, SummaryRow> row, String metric, Function<SummaryRow, String> text) {
    return Optional.ofNullable(row.get(metric)).map(text).orElse("");
  }

  /** The floor is a ten-thousandth of what plans cost. */
  private static String divergence(SummaryRow row) {
    double kl = row.value();
    return String.format(Locale.ROOT, kl > 0 && kl < 1e-4 ? "%.1e" : "%.5f", kl);
  }

  private static String interval(SummaryRow row) {
    return row.lo().isPresent() && row.hi().isPresent()
        ? "[%s, %s]".formatted(signed(row.lo()), signed(row.hi()))
        : "";
  }

  private static String signed(OptionalDouble value) {
    return number(value, "%+.3f");
  }

  private static String number(OptionalDouble value, String format) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "";
  }
}
