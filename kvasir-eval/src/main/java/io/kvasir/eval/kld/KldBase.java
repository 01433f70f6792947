package io.kvasir.eval.kld;

import io.kvasir.engine.Model;
import io.kvasir.eval.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a plan's predictions are compared with: those of a file, or those of f16 in this engine,
 * which may be written to a file. Both are in the 16 bits of such files, so that it makes no
 * difference whether a base was written first.
 */
public sealed interface KldBase extends AutoCloseable permits OwnBase, RecordedBase {
  /** Tokens of a chunk, when nobody says otherwise. */
  int DEFAULT_TOKENS = 512;

  /**
   * Opens a base, before a model is loaded.
   *
   * @param file of llama.cpp's format: read when it exists, else written; empty: neither
   * @param tokens of a chunk; without: what the file says, else {@value #DEFAULT_TOKENS}
   * @param chunks at most; without: all
   * @throws InputException a number is out of range, the file is damaged, does not have what is
   *     asked for, or could not be written
   */
  static KldBase open(Optional<Path> file, OptionalInt tokens, OptionalInt chunks) {
    if (tokens.isPresent() && tokens.getAsInt() < 4) {
      throw new InputException("ctx=" + tokens.getAsInt() + " must be at least 4 tokens");
    }
    if (chunks.isPresent() && chunks.getAsInt() < 1) {
      throw new InputException("chunks=" + chunks.getAsInt() + " must be at least 1");
    }
    if (file.isPresent() && Files.exists(file.get())) {
      return RecordedBase.open(file.get(), tokens, chunks);
    }
    file.ifPresent(KldWriter::check);
    return new OwnBase(file, tokens.orElse(DEFAULT_TOKENS), chunks.orElse(Integer.MAX_VALUE));
  }

  /** Tokens of a chunk. */
  int tokens();

  /** What it is, in a few words. */
  String name();

  /** Whether the text is in it, so that none need be given. */
  boolean hasText();

  /**
   * The chunks to read; called once, before the rows.
   *
   * @param text what the user wants measured
   * @throws InputException the text is missing, too short, or not the base's; the base is of
   *     another vocabulary
   */
  KldText begin(Model model, Optional<String> text);

  /**
   * The probabilities after the next scored token; valid until the call after.
   *
   * @param f16 logits of f16 there, [V]
   */
  KldRow next(float[] f16);

  /** All rows were there. */
  void finish();

  @Override
  void close();
}
