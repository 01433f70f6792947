package io.kvasir.cli;

import io.kvasir.eval.task.Corpora;
import io.kvasir.eval.task.Corpus;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that says what haystacks of prose are made of. */
final class CorpusArgument {
  @Option(
      names = "--text",
      paramLabel = "FILE|DIR",
      description =
          "What contexts of prose are made of, here or in ../shared/data; default: what the JDK"
              + " brings along.")
  private Optional<Path> text = Optional.empty();

  /**
   * @throws io.kvasir.eval.InputException when there is none
   */
  Corpus corpus() {
    return text.map(Corpora::of)
        .orElseGet(() -> Corpora.ofJdk(Path.of(System.getProperty("java.home"))));
  }
}
