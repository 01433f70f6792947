package io.kvasir.eval.kld;

import io.kvasir.engine.Model;
import io.kvasir.eval.InputException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** What a file says, of whatever engine. */
final class RecordedBase implements KldBase {
  private final Path file;
  private final KldReader reader;
  private final int chunks;

  private RecordedBase(Path file, KldReader reader, int chunks) {
    this.file = file;
    this.reader = reader;
    this.chunks = chunks;
  }

  static RecordedBase open(Path file, OptionalInt tokens, OptionalInt chunks) {
    KldReader reader = KldReader.open(file);
    KldShape shape = reader.shape();
    if (tokens.orElse(shape.tokens()) != shape.tokens()) {
      reader.close();
      throw new InputException(
          "%s has chunks of %d tokens, not of %d"
              .formatted(file, shape.tokens(), tokens.getAsInt()));
    }
    if (chunks.orElse(1) > shape.chunks()) {
      reader.close();
      throw new InputException(
          "%s has %d chunks, not %d".formatted(file, shape.chunks(), chunks.getAsInt()));
    }
    return new RecordedBase(file, reader, chunks.orElse(shape.chunks()));
  }

  @Override
  public int tokens() {
    return reader.shape().tokens();
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public boolean hasText() {
    return true;
  }

  @Override
  public KldText begin(Model model, Optional<String> text) {
    int vocabulary = model.config().vocabularySize();
    if (reader.shape().vocabulary() != vocabulary) {
      throw new InputException(
          "%s is of a vocabulary of %d tokens, %s has %d"
              .formatted(file, reader.shape().vocabulary(), model.name(), vocabulary));
    }
    KldText read = reader.tokens().first(chunks);
    text.map(given -> KldText.of(model.tokenizer(), given, tokens(), chunks))
        .ifPresent(given -> read.requireSame(given, file.toString()));
    return read;
  }

  @Override
  public KldRow next(float[] f16) {
    return reader.next();
  }

  @Override
  public void finish() {}

  @Override
  public void close() {
    reader.close();
  }
}
