package io.kvasir.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that gives a text; without it, what is piped in. */
final class TextArguments {
  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "The text; \"-\", or without this option: standard input.")
  private Optional<String> text = Optional.empty();

  /**
   * @throws UsageException when there is neither, or standard input is no UTF-8
   */
  String text() {
    return text.map(TextInput::of)
        .orElseGet(() -> TextInput.piped("give --text TEXT, or pipe a text in"));
  }

  /**
   * For batch mode, where the lines hold the texts.
   *
   * @throws UsageException when the option gives one, which nobody would read
   */
  void none() {
    if (text.isPresent()) {
      throw new UsageException("with --jsonl the texts stand in the lines; expected no --text");
    }
  }
}
