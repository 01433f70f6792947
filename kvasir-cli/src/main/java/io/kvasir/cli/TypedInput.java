package io.kvasir.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.TerminalBuilder;

/**
 * Lines typed at a terminal, with editing and a history that lasts as long as the chat: what people
 * ask is theirs, so nothing of it is written to disk. A line that ends in a backslash goes on in
 * the next one. Ctrl-C drops the line, Ctrl-D leaves.
 */
final class TypedInput implements ChatInput {
  private static final String PROMPT = "> ";

  private final org.jline.terminal.Terminal terminal;
  private final LineReader reader;

  TypedInput() {
    try {
      terminal = TerminalBuilder.builder().system(true).dumb(true).graphemeCluster(false).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DefaultParser parser = new DefaultParser();
    parser.setEofOnEscapedNewLine(true);
    parser.setQuoteChars(new char[0]); // an apostrophe opens nothing
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(parser)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // "!" is a letter here
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, ". ")
            .build();
  }

  @Override
  public Optional<String> next() {
    while (true) {
      try {
        String line = reader.readLine(PROMPT).replace("\\\n", "\n");
        if (!line.isBlank()) {
          return Optional.of(line);
        }
      } catch (UserInterruptException e) {
        System.err.println("(Ctrl-D or /exit leaves)");
      } catch (EndOfFileException e) {
        return Optional.empty();
      }
    }
  }

  @Override
  public boolean interactive() {
    return true;
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
