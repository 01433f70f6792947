package io.kvasir.cli;

import java.util.Optional;
import org.jline.terminal.spi.SystemStream;

/** Where the lines of a chat come from. */
interface ChatInput extends AutoCloseable {
  /** A keyboard with line editing where standard input is a terminal, else the piped lines. */
  static ChatInput open() {
    return Terminal.isTerminal(SystemStream.Input) ? new TypedInput() : new PipedInput();
  }

  /** The next line that is not blank; empty when the user leaves or the input ends. */
  Optional<String> next();

  /** Whether somebody sits there who can react to what goes wrong. */
  boolean interactive();

  @Override
  void close();
}
