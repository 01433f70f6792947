package io.kvasir.eval.report;

import io.kvasir.eval.store.FateRow;
import io.kvasir.eval.store.ItemRow;
import java.util.Optional;
import java.util.OptionalDouble;

/** The worst questions of a plan with both answers, and what became of the right one. */
final class WorstTable {
  private static final int MOST_LETTERS = 300;

  private final Findings findings;
  private final WorstItems worst;

  WorstTable(Findings findings) {
    this.findings = findings;
    worst = new WorstItems(findings);
  }

  String html(String planSha) {
    HtmlTable table =
        new HtmlTable(
            "question",
            "gold",
            "f16 wrote",
            "this plan wrote",
            "#score",
            "#ln p of gold",
            "coded",
            "fate of gold");
    worst.of(planSha).forEach(one -> add(table, one));
    return table.isEmpty() ? "" : "<p>Its worst questions:</p>\n" + table.html();
  }

  private void add(HtmlTable table, WorstItems.Worst one) {
    Optional<ItemRow> item = Optional.ofNullable(findings.items().get(one.plan().itemSha()));
    table.row(
        item.map(WorstTable::place).orElse(""),
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
        coded(one.plan().codedShare()),
        one.fate().map(WorstTable::fate).orElse("<span class=soft>not in the context</span>"));
  }

  private static String fate(FateRow fate) {
    return "kept %s, coded %s, dropped %s"
        .formatted(
            Figures.percent(fate.kept()),
            Figures.percent(fate.coded()),
            Figures.percent(fate.dropped()));
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
    return share.orElse(0) == 0 ? "nothing compressed" : Figures.percent(share.getAsDouble());
  }

  private static String shown(String text) {
    return Html.escape(
        text.length() <= MOST_LETTERS ? text : text.substring(0, MOST_LETTERS) + "…");
  }
}
