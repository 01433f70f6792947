package io.kvasir.cli.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * What the demo reads: a text with one sentence of every fact planted in it, spread evenly from
 * beginning to end.
 *
 * @param source where the text comes from, for people
 * @param text the text with the facts in it
 * @param facts in the order in which they stand there
 */
public record DemoDocument(String source, String text, List<Fact> facts) {
  /** Where a sentence may be put, best first: between paragraphs, sentences, lines, words. */
  private static final List<String> SEAMS = List.of("\n\n", ". ", "\n", " ");

  public DemoDocument {
    facts = List.copyOf(facts);
  }

  /**
   * The licence texts that every JDK brings along.
   *
   * @param javaHome the JDK's folder
   * @throws IllegalArgumentException when it has none
   */
  public static DemoDocument ofJdk(Path javaHome) {
    LegalTexts texts = LegalTexts.below(javaHome.resolve("legal"));
    return plant(texts.source(), texts.prose());
  }

  /**
   * Plants the facts in a text.
   *
   * @param source where the text comes from, for people
   * @param prose at least one character
   */
  public static DemoDocument plant(String source, String prose) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    int facts = Fact.ALL.size();
    for (int i = 0; i < facts; i++) {
      // Depths (i + 1/2) / facts; the next seam after it, so that no sentence is torn apart.
      int wanted = at(prose, 2L * i + 1, 2L * facts);
      int seam = seam(prose, Math.max(from, wanted), at(prose, 2L * i + 3, 2L * facts));
      text.append(prose, from, seam).append(' ').append(Fact.ALL.get(i).sentence());
      from = seam;
    }
    return new DemoDocument(source, text.append(prose, from, prose.length()).toString(), Fact.ALL);
  }

  private static int at(String prose, long numerator, long denominator) {
    return (int) Math.min(prose.length(), prose.length() * numerator / denominator);
  }

  private static int seam(String prose, int from, int limit) {
    for (String seam : SEAMS) {
      int found = prose.indexOf(seam, from);
      if (found >= 0 && found < limit) {
        return seam.startsWith(".") ? found + 1 : found;
      }
    }
    return limit;
  }
}
