package io.kvasir.eval.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvasir.eval.store.Results;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

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
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; style-src 'unsafe-inline'">
        <title>Kvasir: plans weighed</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <header>
        <p class=brand>Kvasir</p>
        <h1>What compression costs</h1>
        <p class=lead>%s</p>
        </header>
        %s
        </main>
        </body>
        </html>
        """
        .formatted(
            stylesheet(),
            lead(findings),
            section("The cheapest plan that is good enough", new CheapestSection(findings).html())
                + section("Quality against cost", new ParetoSection(findings).html())
                + section("Where plans fail", new HeatSection(findings).html())
                + section("Plan by plan", new PlanSection(findings).html())
                + section("Claims of papers", new ClaimSection(findings).html())
                + section("How this was measured", new MethodSection(findings).html())
                + section("Environment", new EnvironmentSection(findings).html()));
  }

  private static String lead(Findings findings) {
    return "%d plans, %d models, %,d questions, %,d answers."
        .formatted(
            findings.plans().size(),
            findings.models().size(),
            findings.items().size(),
            findings.answers().size());
  }

  private static String section(String title, String body) {
    return "<section>\n<h2>%s</h2>\n%s</section>\n".formatted(title, body);
  }

  private static String stylesheet() {
    try (InputStream css = Report.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new AssertionError("report.css belongs to this jar");
      }
      return new String(css.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
