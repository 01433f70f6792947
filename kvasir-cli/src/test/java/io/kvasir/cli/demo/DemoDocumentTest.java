package io.kvasir.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoDocumentTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final String PARAGRAPH =
      "All work and no play makes Jack a dull boy. So they say.\nBut who are they?\n\n";

  @TempDir Path folder;

  @Test
  void theJdkBringsADocumentOfSomeThousandTokens() {
    DemoDocument document = DemoDocument.ofJdk(JDK);
    assertThat(document.text().length()).isBetween(16_000, 21_000);
    assertThat(document.source()).endsWith("in " + JDK.resolve("legal"));
  }

  @Test
  void theSameJdkGivesTheSameDocument() {
    assertThat(DemoDocument.ofJdk(JDK)).isEqualTo(DemoDocument.ofJdk(JDK));
  }

  @Test
  void everyFactStandsThereOnceAndInEvenDepths() {
    DemoDocument document = DemoDocument.plant("prose", PARAGRAPH.repeat(200));
    for (int i = 0; i < document.facts().size(); i++) {
      String sentence = document.facts().get(i).sentence();
      int at = document.text().indexOf(sentence);
      assertThat(document.text().indexOf(sentence, at + 1)).isEqualTo(-1);
      assertThat((double) at / document.text().length())
          .isCloseTo((i + 0.5) / document.facts().size(), within(0.02));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "one line without an end", "One. Two. Three.", "x\ny\nz"})
  void withoutTheFactsTheTextIsWhatItWas(String prose) {
    String text = DemoDocument.plant("prose", prose).text();
    for (Fact fact : Fact.ALL) {
      assertThat(text).containsOnlyOnce(" " + fact.sentence());
      text = text.replace(" " + fact.sentence(), "");
    }
    assertThat(text).isEqualTo(prose);
  }

  @Test
  void aFactFollowsAWholeSentence() {
    String text = DemoDocument.plant("prose", "One is first. ".repeat(100)).text();
    for (Fact fact : Fact.ALL) {
      assertThat(text).contains("first. " + fact.sentence() + " One");
    }
  }

  @Test
  void theLicenceOfJavaBaseComesFirstAndNothingTwice() throws IOException {
    write("java.base/LICENSE", "L".repeat(9_000));
    write("java.base/aes.md", "a".repeat(9_000));
    write("a.module/LICENSE", "L".repeat(9_000));
    write("a.module/other.md", "never reached");
    LegalTexts texts = LegalTexts.below(folder);
    assertThat(texts.source()).isEqualTo("java.base/LICENSE, java.base/aes.md in " + folder);
    assertThat(texts.prose()).isEqualTo("L".repeat(9_000) + "\n\n" + "a".repeat(9_000));
  }

  @Test
  void aLongTextEndsWithAParagraph() throws IOException {
    write("java.base/LICENSE", ("w".repeat(998) + "\r\n\r\n").repeat(40));
    assertThat(LegalTexts.below(folder).prose()).hasSize(19_998).endsWith("w");
  }

  @Test
  void brokenLinksArePassedBy() throws IOException {
    write("java.base/text.md", "text");
    Files.createSymbolicLink(folder.resolve("java.base/LICENSE"), folder.resolve("nowhere"));
    assertThat(LegalTexts.below(folder).prose()).isEqualTo("text");
  }

  @Test
  void linksAreFollowed() throws IOException {
    write("texts/gpl", "the licence");
    Files.createDirectories(folder.resolve("legal"));
    Files.createSymbolicLink(folder.resolve("legal/LICENSE"), folder.resolve("texts/gpl"));
    assertThat(LegalTexts.below(folder.resolve("legal")).prose()).isEqualTo("the licence");
  }

  @Test
  void aJdkWithoutTextsIsRefusedWithAWayOut() {
    assertThatThrownBy(() -> DemoDocument.ofJdk(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no licence texts in "
                + folder.resolve("legal")
                + "; give the demo a text with --file");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
