package io.kvasir.eval.kld;

import io.kvasir.engine.Model;
import io.kvasir.eval.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** f16 in this engine. */
final class OwnBase implements KldBase {
  private final Optional<Path> file;
  private final int tokens;
  private final int most;
  private final List<KldWriter> writers = new ArrayList<>(); // one, if there is a file to write
  private KldRow row = new KldRow(0);

  /**
   * @param tokens of a chunk
   * @param most chunks
   */
  OwnBase(Optional<Path> file, int tokens, int most) {
    this.file = file;
    this.tokens = tokens;
    this.most = most;
  }

  @Override
  public int tokens() {
    return tokens;
  }

  @Override
  public String name() {
    return "f16";
  }

  @Override
  public boolean hasText() {
    return false;
  }

  @Override
  public KldText begin(Model model, Optional<String> text) {
    KldText chunks =
        KldText.of(
            model.tokenizer(),
            text.orElseThrow(() -> new InputException("a text is needed to measure on")),
            tokens,
            most);
    int vocabulary = model.config().vocabularySize();
    row = new KldRow(vocabulary);
    KldShape shape = new KldShape(tokens, vocabulary, chunks.chunks().size());
    file.ifPresent(to -> writers.add(new KldWriter(to, shape)));
    writers.forEach(writer -> writer.begin(chunks));
    return chunks;
  }

  @Override
  public KldRow next(float[] f16) {
    row.encode(f16);
    writers.forEach(writer -> writer.add(row));
    return row;
  }

  @Override
  public void finish() {
    writers.forEach(KldWriter::finish);
  }

  @Override
  public void close() {
    writers.forEach(KldWriter::close);
  }
}
