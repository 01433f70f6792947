package io.kvasir.eval.report;

import io.kvasir.eval.store.SummaryRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Heat maps: plans by tasks, and plans by how deep in the context the evidence stands. Colour
 * follows the value, which stands there too; hatched is what f16 cannot do here.
 */
final class HeatSection {
  private final Findings findings;

  HeatSection(Findings findings) {
    this.findings = findings;
  }

  String html() {
    StringBuilder out = new StringBuilder();
    findings.scenes().forEach(scene -> out.append(tasks(scene)));
    return out.append(new DepthMaps(findings).html()).toString();
  }

  /** A task's column: what fills it, and how it is shown. */
  private record Shown(SummaryRow row, double share, String text) {}

  private String tasks(Scene scene) {
    List<Shown> cells = new ArrayList<>();
    Map<String, Set<String>> untouched = findings.untouched(scene);
    Map<String, Map<String, Double>> lnp = goldLnp(scene);
    for (SummaryRow row : findings.summaries(scene, "r")) {
      boolean none = untouched.getOrDefault(row.task(), Set.of()).contains(row.planSha());
      Double gold = lnp.getOrDefault(row.task(), Map.of()).get(row.planSha());
      String value =
          none
              ? "nothing compressed"
              : row.testable() || gold == null
                  ? Figures.decimals(2, row.value())
                  : "ln p " + Figures.decimals(2, gold);
      cells.add(new Shown(row, row.value(), value));
    }
    for (SummaryRow row : findings.summaries(scene, "ppl_ratio")) {
      boolean none = untouched.getOrDefault(row.task(), Set.of()).contains(row.planSha());
      cells.add(
          new Shown(
              row,
              1 / row.value(),
              none ? "nothing compressed" : Figures.decimals(3, 1 / row.value())));
    }
    return cells.isEmpty()
        ? ""
        : "<h3>By task: %s</h3>\n%s".formatted(Html.escape(findings.title(scene)), table(cells));
  }

  /** By task and plan: all that can be said where f16 does not find the answers. */
  private Map<String, Map<String, Double>> goldLnp(Scene scene) {
    return findings.summaries(scene, "gold_lnp").stream()
        .collect(
            Collectors.groupingBy(
                SummaryRow::task, Collectors.toMap(SummaryRow::planSha, SummaryRow::value)));
  }

  private String table(List<Shown> all) {
    Set<String> tasks = new TreeSet<>();
    Map<String, Map<String, Shown>> plans = new LinkedHashMap<>();
    for (Shown one : all) {
      tasks.add(one.row().task());
      plans
          .computeIfAbsent(one.row().planSha(), plan -> new HashMap<>())
          .put(one.row().task(), one);
    }
    List<String> heads = new ArrayList<>(List.of("plan"));
    tasks.forEach(task -> heads.add("#" + task));
    HtmlTable table = new HtmlTable(heads.toArray(String[]::new));
    plans.forEach(
        (plan, shown) -> {
          List<String> cells = new ArrayList<>(List.of(name(findings, plan)));
          for (String task : tasks) {
            cells.add(
                Optional.ofNullable(shown.get(task))
                    .map(one -> cell(one.share(), one.text(), one.row().testable()))
                    .orElse(""));
          }
          table.row(cells.toArray(String[]::new));
        });
    return table.html();
  }

  static String name(Findings findings, String plan) {
    return "<code>%s</code>".formatted(Html.escape(findings.plan(plan)));
  }

  /**
   * @param share colours it, from 0 to 1
   */
  static String cell(double share, String text, boolean testable) {
    return testable
        ? "<td class='n heat' style='--v:%s%%'>%s"
            .formatted(Figures.decimals(0, 100 * Math.clamp(share, 0, 1)), text)
        : "<td class='n hatch' title='f16 cannot be told from no context here'>" + text;
  }
}
