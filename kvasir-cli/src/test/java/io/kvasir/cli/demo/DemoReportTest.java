package io.kvasir.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class DemoReportTest {
  private static final String HOSTILE =
      "</style></pre><script>alert('x')</script>\"><img src=//x>\0";

  @Test
  void itHoldsEveryPlanAndNumber() {
    String html = DemoReport.html(DemoResults.TWO, "{}");
    assertThat(html)
        .contains("One document, 2 caches")
        .contains("f16 (full)", "h2o(keep=10%)", "1.5000", "75.0&#8201;%", "0/1", "1/1")
        .contains("20,000", "2,000")
        .contains("no idea", "4711");
  }

  @Test
  void textFromElsewhereStaysText() {
    DemoResult result =
        DemoResults.result(HOSTILE, DemoResults.plan(HOSTILE, 1000, 0, HOSTILE, false));
    String html = DemoReport.html(result, HOSTILE);
    assertThat(html)
        .doesNotContain("<script", "<img src=//", "\0", "\"><img")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
  }

  @Test
  void itNeedsNothingFromElsewhere() {
    String html = DemoReport.html(DemoResults.TWO, "{}");
    assertThat(html).contains("default-src 'none'").doesNotContain("http://", "https://", "url(");
    assertThat(Pattern.compile("(?:src|href)=.").matcher(html).results().map(MatchResult::group))
        .allMatch(source -> source.equals("src=\""));
    assertThat(
            Pattern.compile("src=\"([a-z:/]{0,10})").matcher(html).results().map(m -> m.group(1)))
        .isNotEmpty()
        .allMatch(source -> source.equals("data:image"));
  }

  @Test
  void everyTagIsClosed() throws Exception {
    // The page is XML but for its doctype and its void elements, so a strict parser can judge it.
    String html =
        DemoReport.html(DemoResults.TWO, "{}")
            .replace("<!DOCTYPE html>", "")
            .replaceAll("<(meta|img)([^>]*)>", "<$1$2/>")
            .replace("<details open>", "<details open='open'>");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  @Test
  void plansThatKeepEverythingHaveNoMap() {
    String html =
        DemoReport.html(
            DemoResults.result("plain", DemoResults.plan("f16", 1000, 0, "4711", true)), "{}");
    assertThat(html).contains("All plans compared here keep every pair").doesNotContain("<img");
  }
}
