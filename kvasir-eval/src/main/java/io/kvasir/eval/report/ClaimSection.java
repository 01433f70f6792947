package io.kvasir.eval.report;

import io.kvasir.eval.store.ClaimRow;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every claim, with its verdict on each model at each length. */
final class ClaimSection {
  private final Findings findings;

  ClaimSection(Findings findings) {
    this.findings = findings;
  }

  String html() {
    HtmlTable table =
        new HtmlTable(
            "claim",
            "model",
            "#ctx",
            "#left side",
            "#right side",
            "95 %, adjusted",
            "#n",
            "verdict",
            "reason");
    for (ClaimRow claim : findings.claims()) {
      table.row(
          "<code>%s</code>".formatted(Html.escape(claim.claimId())),
          Html.escape(findings.model(claim.modelSha())),
          Figures.grouped(claim.ctx()),
          Figures.decimals(3, claim.lhs()),
          Figures.decimals(3, claim.rhs()),
          Figures.interval(claim.lo(), claim.hi()),
          Integer.toString(claim.n()),
          "<b class='%s'>%s</b>"
              .formatted(claim.verdict().replace(' ', '-'), Html.escape(claim.verdict())),
          Html.escape(claim.reason()));
    }
    return table.isEmpty()
        ? "<p>No claim was judged yet: <code>kvasir eval claims</code>.</p>\n"
        : verdicts() + table.html();
  }

  /** How many of each. */
  private String verdicts() {
    return findings.claims().stream()
        .collect(Collectors.groupingBy(ClaimRow::verdict, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(verdict -> "%s: %d".formatted(Html.escape(verdict.getKey()), verdict.getValue()))
        .collect(Collectors.joining(", ", "<p>", ".</p>\n"));
  }
}
