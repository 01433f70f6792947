package io.kvasir.engine.tokenizer;

import java.io.ByteArrayOutputStream;

/** How ordinary text becomes tokens, and a token text. Immutable. */
sealed interface SubwordModel permits ByteLevel, SentencePiece {
  /** A fresh encoder, for one thread and one call. */
  Encoder encoder();

  /** Appends the text that a token of type normal stands for. */
  void decode(int id, ByteArrayOutputStream out);

  /** Holds the memory of one call to encode. */
  @FunctionalInterface
  interface Encoder {
    /**
     * Appends the tokens of {@code text[from .. to)}, well-formed UTF-8 without special tokens,
     * that begins the text or follows a special token.
     */
    void encode(byte[] text, int from, int to, IntList ids);
  }
}
