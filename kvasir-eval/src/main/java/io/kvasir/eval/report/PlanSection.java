package io.kvasir.eval.report;

import io.kvasir.eval.cost.Cost;
import io.kvasir.eval.store.PlanRow;
import io.kvasir.kv.MethodInfo;
import io.kvasir.kv.Methods;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Each plan for itself: what it is, where from, what it costs, how far it strays, its worst. */
final class PlanSection {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");

  private final Findings findings;
  private final HoldingTables holdings;
  private final DivergenceTable divergences;
  private final WorstTable worst;

  PlanSection(Findings findings) {
    this.findings = findings;
    holdings = new HoldingTables(findings);
    divergences = new DivergenceTable(findings);
    worst = new WorstTable(findings);
  }

  String html() {
    return findings.plans().values().stream().map(this::plan).collect(Collectors.joining());
  }

  private String plan(PlanRow plan) {
    return """
        <details><summary><code>%s</code></summary>
        <p><code>%s</code>%s</p>
        %s%s%s%s%s%s</details>
        """
        .formatted(
            Html.escape(findings.plan(plan.planSha())),
            Html.escape(plan.text()),
            plan.tag().map(tag -> ", tagged " + Html.escape(tag)).orElse(""),
            sources(plan),
            costs(plan),
            holdings.pairs(plan.planSha()),
            divergences.html(plan.planSha()),
            holdings.fates(plan.planSha()),
            worst.html(plan.planSha()));
  }

  /** The papers of its methods, as the registry has them. */
  private static String sources(PlanRow plan) {
    List<String> names = NAME.matcher(plan.text()).results().map(m -> m.group()).toList();
    String items =
        Methods.all().list().stream()
            .filter(method -> names.contains(method.name()))
            .map(PlanSection::source)
            .collect(Collectors.joining());
    return items.isEmpty() ? "" : "<ul>" + items + "</ul>\n";
  }

  private static String source(MethodInfo method) {
    return "<li><code>%s</code>: %s (%s)</li>"
        .formatted(
            Html.escape(method.name()),
            Html.escape(method.summary()),
            Html.escape(method.source()));
  }

  private String costs(PlanRow plan) {
    HtmlTable table =
        new HtmlTable(
            "model",
            "#ctx",
            "#KV bytes/token",
            "#of it codes",
            "#scales",
            "#windows",
            "#side state",
            "#peak RSS over model, MB",
            "#TTFT, ms",
            "#of it compression",
            "#prefill tok/s",
            "#decode tok/s",
            "#of f16's");
    findings.costs().stream()
        .filter(row -> row.planSha().equals(plan.planSha()))
        .map(row -> Map.entry(row.modelSha(), row.ctx()))
        .distinct()
        .forEach(at -> add(table, plan, at.getKey(), at.getValue()));
    return table.isEmpty() ? "<p>Cost was not measured.</p>\n" : table.html();
  }

  private void add(HtmlTable table, PlanRow plan, String model, int ctx) {
    Cost cost = findings.cost(model, plan.planSha(), ctx).orElseThrow();
    table.row(
        Html.escape(findings.model(model)),
        Figures.grouped(ctx),
        Figures.grouped(cost.bytesPerToken()),
        part(plan, model, ctx, "codes"),
        part(plan, model, ctx, "scales"),
        part(plan, model, ctx, "windows"),
        part(plan, model, ctx, "side"),
        Figures.decimals(1, cost.rssPeak() / 1e6),
        Figures.decimals(0, cost.ttftMs()),
        Figures.decimals(0, cost.compressMs()),
        Figures.decimals(0, cost.prefillTps()),
        Figures.decimals(1, cost.decodeTps()),
        Figures.decimals(2, cost.decodeRatio()));
  }

  /** Bytes of a part over ctx. */
  private String part(PlanRow plan, String model, int ctx, String name) {
    return findings.parts().stream()
        .filter(row -> row.planSha().equals(plan.planSha()) && row.modelSha().equals(model))
        .filter(row -> row.ctx() == ctx && row.part().equals(name))
        .findFirst()
        .map(row -> Figures.grouped((double) row.bytes() / ctx))
        .orElse("");
  }
}
