package io.kvasir.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The lines of standard input, each a turn; nothing is prompted. */
final class PipedInput implements ChatInput {
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8.newDecoder()));

  @Override
  public Optional<String> next() {
    try {
      String line = in.readLine();
      while (line != null && line.isBlank()) {
        line = in.readLine();
      }
      return Optional.ofNullable(line);
    } catch (CharacterCodingException e) {
      throw new UsageException("standard input is not UTF-8");
    } catch (IOException e) {
      throw new UncheckedIOException("standard input broke off", e);
    }
  }

  @Override
  public boolean interactive() {
    return false;
  }

  /** Standard input stays open: it belongs to the process. */
  @Override
  public void close() {}
}
