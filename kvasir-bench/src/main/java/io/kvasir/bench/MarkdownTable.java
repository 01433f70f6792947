package io.kvasir.bench;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table; its first columns are text, the others numbers. */
final class MarkdownTable {
  private final List<String> lines = new ArrayList<>();

  /**
   * @param texts columns of text, before those of numbers
   */
  MarkdownTable(int texts, String... titles) {
    add(titles);
    StringBuilder rule = new StringBuilder("|");
    for (int c = 0; c < titles.length; c++) {
      rule.append(c < texts ? "---|" : "--:|");
    }
    lines.add(rule.toString());
  }

  void add(String... cells) {
    StringBuilder line = new StringBuilder("|");
    for (String cell : cells) {
      line.append(' ').append(cell.replace("|", "\\|")).append(" |");
    }
    lines.add(line.toString());
  }

  /** The lines, or a sentence where there are no rows. */
  @Override
  public String toString() {
    return lines.size() == 2 ? "Not measured yet." : String.join("\n", lines);
  }
}
