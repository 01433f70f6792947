package io.kvasir.cli;

import io.kvasir.eval.cost.Cost;
import io.kvasir.eval.store.CostRow;
import io.kvasir.eval.store.PlanRow;
import io.kvasir.eval.store.Results;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What plans cost, for people: a table for each ctx. */
final class EvalCostTable {
  private EvalCostTable() {}

  /**
   * @param modelSha of which model
   * @param order the texts of the plans, as they are to be listed
   */
  static void print(
      Results results, String model, String modelSha, List<String> order, PrintStream out) {
    List<CostRow> rows =
        results.rows(CostRow.class).stream().filter(r -> r.modelSha().equals(modelSha)).toList();
    Map<String, PlanRow> plans =
        results.rows(PlanRow.class).stream()
            .collect(Collectors.toMap(PlanRow::text, plan -> plan, (a, b) -> a));
    Optional<String> f16 = Optional.ofNullable(plans.get("f16")).map(PlanRow::planSha);
    for (int ctx : rows.stream().map(CostRow::ctx).collect(Collectors.toCollection(TreeSet::new))) {
      List<CostRow> here = rows.stream().filter(row -> row.ctx() == ctx).toList();
      Table table =
          new Table(
              "plan",
              ">B/token",
              ">of f16",
              ">RSS MB",
              ">TTFT ms",
              ">of f16",
              ">compress ms",
              ">prefill tok/s",
              ">decode tok/s",
              ">of f16",
              ">rounds");
      for (String text : order) {
        Optional.ofNullable(plans.get(text))
            .flatMap(plan -> Cost.nearest(here, plan.planSha(), ctx, f16).map(c -> row(plan, c)))
            .ifPresent(table::row);
      }
      out.printf("%n%s, ctx %d, cost in processes of their own, medians%n", model, ctx);
      table.print(out);
    }
  }

  private static Object[] row(PlanRow plan, Cost cost) {
    return new Object[] {
      plan.label(),
      number("%.0f", cost.bytesPerToken()),
      ratio(cost.bytesRatio()),
      number("%.1f", cost.rssPeak() / 1e6),
      number("%.0f", cost.ttftMs()),
      ratio(cost.ttftRatio()),
      number("%.0f", cost.compressMs()),
      number("%.0f", cost.prefillTps()),
      number("%.1f", cost.decodeTps()),
      ratio(cost.decodeRatio()),
      cost.rounds()
    };
  }

  private static String ratio(OptionalDouble ratio) {
    return ratio.isPresent() ? number("%.2f", ratio.getAsDouble()) : "";
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
