package io.kvasir.cli.demo;

import static io.kvasir.eval.report.HtmlPage.section;

import io.kvasir.eval.report.Html;
import io.kvasir.eval.report.HtmlPage;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The demo's result as one HTML page that needs nothing else: no script, no font, no picture from
 * elsewhere. Everything that came from a file or a model is escaped.
 */
public final class DemoReport {
  private final DemoResult result;
  private final String json;

  private DemoReport(DemoResult result, String json) {
    this.result = result;
    this.json = json;
  }

  /**
   * @param json the result as text, for whoever wants the numbers
   */
  public static String html(DemoResult result, String json) {
    return new DemoReport(result, json).page();
  }

  private String page() {
    return HtmlPage.of(
        "Kvasir demo: " + Html.escape(result.setup().model()),
        "; img-src data:",
        DemoReport.class,
        "demo-report.css",
        header()
            + section("What each plan costs, and what it loses", table())
            + section("Memory against loss", chart())
            + section("What each cache still holds", maps())
            + section("The answers", answers())
            + section("How this was measured", method()));
  }

  private String header() {
    PlanResult full = result.full();
    PlanResult best =
        result.plans().stream()
            .filter(plan -> plan.found() >= full.found())
            .min((a, b) -> Long.compare(a.bytes(), b.bytes()))
            .orElse(full);
    return """
        <header>
        <p class="brand">Kvasir</p>
        <h1>One document, %s</h1>
        <p class="lead">%s read %s tokens once, with %s planted facts in them. Each plan kept of the
        key-value cache what it keeps, before it knew any question; then all were asked the same.</p>
        </header>
        <div class="tiles">
        %s%s%s%s</div>
        """
        .formatted(
            result.plans().size() == 1 ? "one cache" : result.plans().size() + " caches",
            Html.escape(result.setup().model()),
            grouped(result.document().tokens()),
            result.document().facts(),
            tile("Full cache", megabytes(full.bytes()), grouped(full.bytesPerToken()) + " B/token"),
            tile("It finds", found(full), "of the planted facts"),
            tile("Smallest that finds as many", share(best), Html.escape(best.name())),
            tile("Read once in", seconds(result.readSeconds()), "for all plans together"));
  }

  private static String tile(String title, String value, String note) {
    return "<div><p>%s</p><b>%s</b><p>%s</p></div>\n".formatted(title, value, note);
  }

  private String table() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < result.plans().size(); i++) {
      PlanResult plan = result.plans().get(i);
      rows.append(
          """
          <tr><td class="no">%d</td><th scope="row"><code title="%s">%s</code></th>
          <td class="n">%s</td><td class="n">%s</td>
          <td class="bar"><span class="n">%s</span><i style="width:%.1f%%"></i></td>
          <td class="n">%s</td><td class="n">%s</td><td class="n">%s</td><td class="n">%s</td>
          <td class="n">%s</td><td class="facts">%s</td></tr>
          """
              .formatted(
                  i + 1,
                  Html.escape(plan.plan()),
                  Html.escape(plan.name()),
                  grouped(plan.bytesPerToken()),
                  megabytes(plan.bytes()),
                  share(plan),
                  100.0 * plan.bytes() / result.full().bytes(),
                  decimals(0, plan.ttftMillis()),
                  decimals(1, plan.tokensPerSecond()),
                  decimals(1, 100 * plan.agreement()) + "&#8201;%",
                  decimals(4, plan.meanKl()),
                  found(plan),
                  plan.answers().stream().map(DemoReport::square).collect(Collectors.joining())));
    }
    return """
        <div class="scroll"><table>
        <thead><tr><th class="no"></th><th>plan</th><th class="n">bytes / token</th>
        <th class="n">total</th><th class="n">of full</th><th class="n">TTFT, ms</th>
        <th class="n">tokens / s</th><th class="n">top-1</th><th class="n">mean KL</th>
        <th class="n">facts</th><th>by depth</th></tr></thead>
        <tbody>
        %s</tbody></table></div>
        <p class="note">Filled squares are facts found, from the document's beginning to its end. Top-1
        and KL compare with the full cache along its own answers. TTFT is the time from a question to
        the first token of its answer, with the document read.</p>
        """
        .formatted(rows);
  }

  private static String square(PlanResult.Answer answer) {
    return "<i class='%s' title=\"%s %s\"></i>"
        .formatted(
            answer.found() ? "hit" : "miss",
            Html.escape(answer.question()),
            Html.escape(answer.text()));
  }

  private String chart() {
    return TradeOffChart.svg(result.plans())
        + """
        <p class="note">Lower and further left is better. Green plans
        found every fact that the full cache found.</p>
        """;
  }

  private String maps() {
    StringBuilder maps = new StringBuilder();
    for (int i = 0; i < result.plans().size(); i++) {
      PlanResult plan = result.plans().get(i);
      if (plan.pairs() == result.full().pairs()) {
        continue;
      }
      maps.append(
          """
          <figure><figcaption><span class="no">%d</span> <code>%s</code>
          <span>%s of %s pairs</span></figcaption>
          <div class="map"><img alt="kept positions" src="%s">%s</div></figure>
          """
              .formatted(
                  i + 1,
                  Html.escape(plan.name()),
                  grouped(plan.pairs()),
                  grouped(result.full().pairs()),
                  KeptImage.uri(plan.kept()),
                  marks(plan)));
    }
    if (maps.isEmpty()) {
      return "<p>All plans compared here keep every pair; they differ in how it is stored.</p>\n";
    }
    return """
        <p class="note">One row per layer and KV head, layer 0 on top; the document from left to right.
        Blue is kept. The marks below are the facts: green where this plan found the number, red where
        it did not. Plans that keep every pair are not shown.</p>
        <div class="maps">
        %s</div>
        """
        .formatted(maps);
  }

  private String marks(PlanResult plan) {
    List<Integer> positions = result.document().positions();
    return IntStream.range(0, positions.size())
        .mapToObj(
            i ->
                "<i class='%s' style='left:%s%%' title=\"%s\"></i>"
                    .formatted(
                        plan.answers().get(i).found() ? "hit" : "miss",
                        decimals(2, 100.0 * positions.get(i) / result.document().tokens()),
                        Html.escape(plan.answers().get(i).question())))
        .collect(Collectors.joining());
  }

  private String answers() {
    StringBuilder html = new StringBuilder();
    for (int q = 0; q < result.full().answers().size(); q++) {
      PlanResult.Answer asked = result.full().answers().get(q);
      html.append(
          "<details%s><summary>%s <b>%s</b></summary>\n<table class='answers'>\n"
              .formatted(q == 0 ? " open" : "", Html.escape(asked.question()), asked.expected()));
      for (PlanResult plan : result.plans()) {
        PlanResult.Answer answer = plan.answers().get(q);
        html.append(
            "<tr class='%s'><th scope='row'><code>%s</code></th><td>%s</td></tr>\n"
                .formatted(
                    answer.found() ? "hit" : "miss",
                    Html.escape(plan.name()),
                    Html.escape(answer.text())));
      }
      html.append("</table></details>\n");
    }
    return html.toString();
  }

  private String method() {
    DemoResult.Setup setup = result.setup();
    return """
        <p>The document is %s, %s characters. One prefill in mode <em>%s</em> filled all caches: each
        layer is computed from uncompressed pairs, then every plan compresses its copy. Questions were
        asked on forks, so none saw another. Tokens were chosen %s, precision <em>%s</em>, %d threads.
        Bytes are those held: pages with their slack, raw windows, position tables. TTFT and tokens per
        second are medians over the questions; asking took %s in all.</p>
        <p>%s; %s. Model <code>%s</code>, fingerprint <code>%s</code>.</p>
        <details><summary>All of it as JSON</summary><pre>%s</pre></details>
        """
        .formatted(
            Html.escape(result.document().source()),
            grouped(result.document().characters()),
            setup.prefill(),
            setup.decoding().equals("greedy") ? "greedily" : Html.escape(setup.decoding()),
            setup.precision(),
            setup.threads(),
            seconds(result.askSeconds()),
            Html.escape(setup.machine()),
            Html.escape(setup.version()),
            Html.escape(setup.model()),
            Html.escape(setup.fingerprint()),
            Html.escape(json));
  }

  private String found(PlanResult plan) {
    return plan.found() + "/" + result.document().facts();
  }

  private String share(PlanResult plan) {
    return decimals(0, 100.0 * plan.bytes() / result.full().bytes()) + "&#8201;%";
  }

  private static String megabytes(long bytes) {
    return decimals(1, bytes / 1e6) + "&#8201;MB";
  }

  private static String seconds(double seconds) {
    return decimals(1, seconds) + "&#8201;s";
  }

  private static String grouped(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }

  private static String decimals(int digits, double value) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
