package io.kvasir.eval.report;

import io.kvasir.eval.cost.Cost;
import io.kvasir.eval.store.DivergenceRow;
import io.kvasir.eval.store.ItemRow;
import io.kvasir.eval.store.PlanRow;
import io.kvasir.kv.MethodInfo;
import io.kvasir.kv.Methods;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Each plan for itself: what it is, where from, what it costs, how far it strays, its worst. */
final class PlanSection {
  private static final int MOST_LETTERS = 300;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");

  private final Findings findings;
  private final WorstItems worst;
  private final Map<String, List<DivergenceRow>> divergences;

  PlanSection(Findings findings) {
    this.findings = findings;
    worst = new WorstItems(findings);
    divergences =
        findings.divergences().stream().collect(Collectors.groupingBy(DivergenceRow::planSha));
  }

  String html() {
    return findings.plans().values().stream().map(this::plan).collect(Collectors.joining());
  }

  private String plan(PlanRow plan) {
    return """
        <details><summary><code>%s</code></summary>
        <p><code>%s</code>%s</p>
        %s%s%s%s</details>
        """
        .formatted(
            Html.escape(findings.plan(plan.planSha())),
            Html.escape(plan.text()),
            plan.tag().map(tag -> ", tagged " + Html.escape(tag)).orElse(""),
            sources(plan),
            costs(plan),
            divergence(plan),
            worst(plan));
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
    return "<li><code>%s</code>: %s %s</li>"
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
            "#side state, bytes",
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
        Figures.grouped(cost.sideBytes()),
        Figures.decimals(1, cost.rssPeak() / 1e6),
        Figures.decimals(0, cost.ttftMs()),
        Figures.decimals(0, cost.compressMs()),
        Figures.decimals(0, cost.prefillTps()),
        Figures.decimals(1, cost.decodeTps()),
        Figures.decimals(2, cost.decodeRatio()));
  }

  /** Per task and length: token-weighted means, the largest 99th percentile and maximum. */
  private String divergence(PlanRow plan) {
    HtmlTable table =
        new HtmlTable(
            "model",
            "task",
            "#ctx",
            "tokens",
            "protocol",
            "prefill",
            "#n",
            "#KL mean",
            "#KL 99 %",
            "#KL max",
            "#same top",
            "#PPL ratio");
    Map<String, List<DivergenceRow>> groups =
        divergences.getOrDefault(plan.planSha(), List.of()).stream()
            .collect(Collectors.groupingBy(this::group, TreeMap::new, Collectors.toList()));
    groups.values().forEach(rows -> add(table, rows));
    return table.isEmpty() ? "" : table.html();
  }

  private String group(DivergenceRow row) {
    return "%s/%s/%08d/%b/%s/%s"
        .formatted(
            row.modelSha(),
            task(row),
            item(row).map(ItemRow::ctx).orElse(0),
            row.far(),
            row.protocol(),
            row.prefill());
  }

  private Optional<ItemRow> item(DivergenceRow row) {
    return Optional.ofNullable(findings.items().get(row.itemSha()));
  }

  private String task(DivergenceRow row) {
    return item(row).map(ItemRow::task).orElse("");
  }

  private void add(HtmlTable table, List<DivergenceRow> rows) {
    DivergenceRow first = rows.getFirst();
    double tokens = rows.stream().mapToDouble(DivergenceRow::n).sum();
    double kl = rows.stream().mapToDouble(row -> row.n() * row.klMean()).sum();
    double top = rows.stream().mapToDouble(row -> row.n() * row.top1()).sum();
    double nll = rows.stream().mapToDouble(row -> row.n() * (row.nll() - row.nllF16())).sum();
    table.row(
        Html.escape(findings.model(first.modelSha())),
        Html.escape(task(first)),
        Figures.grouped(item(first).map(ItemRow::ctx).orElse(0)),
        first.far() ? "far" : "all",
        first.protocol(),
        first.prefill(),
        Figures.grouped(tokens),
        Figures.significant(kl / tokens),
        Figures.significant(rows.stream().mapToDouble(DivergenceRow::klP99).max().orElse(0)),
        Figures.significant(rows.stream().mapToDouble(DivergenceRow::klMax).max().orElse(0)),
        Figures.decimals(3, top / tokens),
        Figures.decimals(3, Math.exp(nll / tokens)));
  }

  private String worst(PlanRow plan) {
    HtmlTable table =
        new HtmlTable(
            "question", "gold", "f16 wrote", "this plan wrote", "#score", "#ln p of gold", "coded");
    worst.of(plan.planSha()).forEach(one -> add(table, one));
    return table.isEmpty() ? "" : "<p>Its worst questions:</p>\n" + table.html();
  }

  private void add(HtmlTable table, WorstItems.Worst one) {
    Optional<ItemRow> item = Optional.ofNullable(findings.items().get(one.plan().itemSha()));
    table.row(
        item.map(PlanSection::place).orElse(""),
        item.map(i -> shown(String.join(" | ", i.gold()))).orElse(""),
        shown(one.f16().text()),
        one.plan().error().map(Html::escape).orElseGet(() -> shown(one.plan().text())),
        "%s &rarr; %s"
            .formatted(
                Figures.decimals(2, one.f16().score()), Figures.decimals(2, one.plan().score())),
        "%s &rarr; %s"
            .formatted(
                Figures.decimals(2, one.f16().goldLnp()),
                Figures.decimals(2, one.plan().goldLnp())),
        coded(one.plan().codedShare()));
  }

  private static String place(ItemRow item) {
    return Html.escape(
        "%s, %,d tokens, context %d, question %d%s"
            .formatted(
                item.task(),
                item.ctx(),
                item.contextNo(),
                item.questionNo(),
                item.depth().isPresent()
                    ? ", depth " + Figures.decimals(2, item.depth().getAsDouble())
                    : ""));
  }

  private static String coded(OptionalDouble share) {
    return share.orElse(0) == 0
        ? "nothing compressed"
        : Figures.decimals(1, 100 * share.getAsDouble()) + " %";
  }

  private static String shown(String text) {
    return Html.escape(
        text.length() <= MOST_LETTERS ? text : text.substring(0, MOST_LETTERS) + "…");
  }
}
