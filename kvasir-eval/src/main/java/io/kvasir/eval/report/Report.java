package io.kvasir.eval.report;

import static io.kvasir.eval.report.HtmlPage.section;

import io.kvasir.eval.store.Results;

/**
 * The page: one file that needs no network and no script. What came from models, files and users is
 * escaped.
 */
public final class Report {
  private Report() {}

  /** The page about all that a file of results holds. */
  public static String html(Results results) {
    return html(Findings.of(results::rows));
  }

  static String html(Findings findings) {
    String header =
        """
        <header>
        <p class=brand>Kvasir</p>
        <h1>What compression costs</h1>
        <p class=lead>%s</p>
        </header>
        """
            .formatted(lead(findings));
    return HtmlPage.of(
        "Kvasir: plans weighed",
        "",
        Report.class,
        "report.css",
        header
            + section("The cheapest plan that is good enough", new CheapestSection(findings).html())
            + section("Quality against cost", new ParetoSection(findings).html())
            + section("Where plans fail", new HeatSection(findings).html())
            + section("Plan by plan", new PlanSection(findings).html())
            + section("Claims of papers", new ClaimSection(findings).html())
            + section("How this was measured", new MethodSection(findings).html())
            + section("Environment", new EnvironmentSection(findings).html()));
  }

  private static String lead(Findings findings) {
    return "%s, %s, %s, %s."
        .formatted(
            count(findings.plans().size(), "plan"),
            count(findings.models().size(), "model"),
            count(findings.items().size(), "question"),
            count(findings.answers().size(), "answer"));
  }

  private static String count(int number, String thing) {
    return Figures.grouped(number) + " " + thing + (number == 1 ? "" : "s");
  }
}
