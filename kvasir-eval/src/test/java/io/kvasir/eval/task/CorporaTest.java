package io.kvasir.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorporaTest {
  @TempDir Path folder;

  @Test
  void aFolderIsReadInTheOrderOfItsNames() throws IOException {
    Files.writeString(folder.resolve("b.txt"), "second\r\nline");
    Files.createDirectories(folder.resolve("a"));
    Files.writeString(folder.resolve("a/z.txt"), "first");
    Corpus corpus = Corpora.of(folder);
    assertThat(corpus.text()).isEqualTo("first\n\nsecond\nline");
    assertThat(corpus.name()).isEqualTo(folder.toString());
    assertThat(Corpora.of(folder.resolve("b.txt")).text()).isEqualTo("second\nline");
  }

  @Test
  void theIdentityIsTheTextAndNotTheFile() throws IOException {
    Path one = Files.writeString(folder.resolve("one"), "same");
    Path two = Files.writeString(folder.resolve("two"), "same");
    assertThat(Corpora.of(one).sha()).hasSize(64).isEqualTo(Corpora.of(two).sha());
    assertThat(Corpus.of("one", "other").sha()).isNotEqualTo(Corpora.of(one).sha());
  }

  @Test
  void whatIsNotThereIsRefused() {
    assertThatThrownBy(() -> Corpora.of(folder.resolve("none")))
        .hasMessage(folder.resolve("none") + " does not exist; expected a text file");
    assertThatThrownBy(() -> Corpora.of(folder)).hasMessage(folder + " is empty; expected a text");
    assertThatThrownBy(() -> Corpora.ofJdk(folder))
        .hasMessage("the texts in %s is empty; expected a text", folder.resolve("legal"));
  }

  @Test
  void aLicenceCountsOnce() throws IOException {
    for (String module : new String[] {"java.base", "java.sql"}) {
      Files.createDirectories(folder.resolve("legal").resolve(module));
      Files.writeString(folder.resolve("legal").resolve(module).resolve("LICENSE"), "Be kind.\n");
    }
    assertThat(Corpora.ofJdk(folder).text()).isEqualTo("Be kind.");
  }

  @Test
  void commentsReadAsProse() {
    assertThat(
            Javadoc.prose(
                """

                   * Returns the {@code int} value, see {@link java.util.List#get the getter},
                   * of <i>this</i> {@linkplain Map map of {@code K}} &amp; more.
                   * <pre>{@code
                   *   get(1);
                   * }</pre>
                   * <p>Done.
                   * @param x no prose
                   """))
        .isEqualTo("Returns the int value, see get the getter, of this Map map of K & more. Done.");
  }

  @Test
  void theJdksOwnProseIsLong() {
    Optional<Corpus> javadoc = Corpora.javadoc(Recipes.JAVA_HOME);
    assumeTrue(javadoc.isPresent(), "this JDK came without lib/src.zip");
    assertThat(javadoc.orElseThrow().text()).hasSizeGreaterThan(1_000_000).doesNotContain("{@code");
    assertThat(javadoc.orElseThrow().words()).hasSizeGreaterThan(3000);
  }
}
