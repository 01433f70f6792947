package io.kvasir.eval.report;

import java.util.ArrayList;
import java.util.List;

/** A table of the page. A column whose head begins with {@code #} holds numbers. */
final class HtmlTable {
  private final List<Boolean> numeric = new ArrayList<>();
  private final StringBuilder head = new StringBuilder();
  private final StringBuilder body = new StringBuilder();

  /**
   * @param heads text
   */
  HtmlTable(String... heads) {
    for (String title : heads) {
      boolean number = title.startsWith("#");
      numeric.add(number);
      head.append(
          cell("th", number ? " class=n" : "", Html.escape(number ? title.substring(1) : title)));
    }
  }

  /**
   * @param cells HTML, one per column
   */
  void row(String... cells) {
    body.append("<tr>");
    for (int i = 0; i < cells.length; i++) {
      body.append(
          cells[i].startsWith("<td")
              ? cells[i]
              : cell("td", numeric.get(i) ? " class=n" : "", cells[i]));
    }
    body.append("</tr>\n");
  }

  /** Adds a row whose cells bring their tags. */
  void add(String cells) {
    body.append("<tr>").append(cells).append("</tr>\n");
  }

  boolean isEmpty() {
    return body.isEmpty();
  }

  String html() {
    return "<div class=scroll><table><thead><tr>%s</tr></thead><tbody>\n%s</tbody></table></div>\n"
        .formatted(head, body);
  }

  private static String cell(String tag, String attributes, String content) {
    return "<%s%s>%s</%s>".formatted(tag, attributes, content, tag);
  }
}
