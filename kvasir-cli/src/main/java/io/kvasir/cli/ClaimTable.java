package io.kvasir.cli;

import io.kvasir.eval.claim.Claim;
import io.kvasir.eval.claim.ClaimSetting;
import io.kvasir.eval.claim.Family;
import io.kvasir.eval.store.ClaimRow;
import io.kvasir.eval.store.ModelRow;
import io.kvasir.eval.store.Results;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Claims and their verdicts for people: a block for each family. */
final class ClaimTable {
  private ClaimTable() {}

  /** The claims, before anything is weighed. */
  static void describe(List<Family> families, PrintStream out) {
    for (Family family : families) {
      out.println();
      out.println(family.name());
      for (Claim claim : family.claims()) {
        out.println("  " + claim.id());
        out.println("    " + Terminal.line(claim.source()));
        claim
            .let()
            .forEach(
                (name, plan) ->
                    out.printf(
                        "    %s = %s @ %s, %s%n",
                        name, plan.text(), plan.reading().protocol(), plan.reading().prefill()));
        out.println("    " + Terminal.line(claim.expected()));
      }
    }
  }

  /**
   * The verdicts of a run.
   *
   * @param results where they are
   */
  static void print(ClaimSetting setting, Results results, List<ClaimRow> rows, PrintStream out) {
    Map<String, String> models =
        results.rows(ModelRow.class).stream()
            .collect(Collectors.toMap(ModelRow::modelSha, ModelRow::name));
    for (Family family : setting.families()) {
      out.println();
      out.println(family.name());
      for (Claim claim : family.claims()) {
        out.printf("  %s: %s%n", claim.id(), Terminal.line(claim.expected()));
        out.println("    " + Terminal.line(claim.source()));
        rows.stream()
            .filter(row -> row.claimId().equals(claim.id()))
            .forEach(row -> out.println("    " + Terminal.line(line(row, models))));
      }
    }
    out.println();
    out.println(total(rows));
  }

  private static String line(ClaimRow row, Map<String, String> models) {
    String measured =
        row.lhs().isPresent()
            ? "%s against %s%s, n=%d"
                .formatted(number(row.lhs()), number(row.rhs()), interval(row), row.n())
            : "";
    return "%s, ctx %d: %s%s%s"
        .formatted(
            models.getOrDefault(row.modelSha(), row.modelSha()),
            row.ctx(),
            row.verdict().toUpperCase(Locale.ROOT),
            measured.isEmpty() ? "" : ": " + measured,
            row.reason().isEmpty() ? "" : "; " + row.reason());
  }

  private static String interval(ClaimRow row) {
    return row.lo().isPresent()
        ? ", difference in [%s, %s]".formatted(number(row.lo()), number(row.hi()))
        : "";
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.4g", value.getAsDouble()) : "?";
  }

  private static String total(List<ClaimRow> rows) {
    return rows.isEmpty()
        ? "no length is done yet"
        : rows.stream()
            .collect(Collectors.groupingBy(ClaimRow::verdict, Collectors.counting()))
            .entrySet()
            .stream()
            .sorted(Map.Entry.comparingByKey())
            .map(verdict -> verdict.getValue() + " " + verdict.getKey())
            .collect(Collectors.joining(", "));
  }
}
