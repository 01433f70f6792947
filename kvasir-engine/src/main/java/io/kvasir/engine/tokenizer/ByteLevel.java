package io.kvasir.engine.tokenizer;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.Metadata;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Byte-level BPE ({@code gpt2}): words are merged from single bytes by a ranked list of pairs
 * (Radford et al. 2019, section 2.2).
 *
 * <p>A byte that has no token of its own (SmolLM2 lacks 21) is left out, as in llama.cpp.
 */
final class ByteLevel implements SubwordModel {
  private final Vocabulary vocabulary;
  private final BytePairKind kind;
  private final int[] byteTokens = new int[256];
  private final Merges merges;

  /**
   * @throws ModelFormatException a merge is not two tokens whose concatenation is a token
   */
  ByteLevel(Vocabulary vocabulary, Metadata metadata, BytePairKind kind) {
    this.vocabulary = vocabulary;
    this.kind = kind;
    for (int b = 0; b < 256; b++) {
      byteTokens[b] = vocabulary.find(String.valueOf(ByteAlphabet.letter(b)));
    }
    this.merges = new Merges(vocabulary, metadata);
  }

  @Override
  public Encoder encoder() {
    PairMerger merger = new PairMerger((text, from, to, left, right) -> merges.join(left, right));
    return (text, from, to, ids) ->
        kind.words().into((t, a, b) -> word(merger, t, a, b, ids)).word(text, from, to);
  }

  private void word(PairMerger merger, byte[] text, int from, int to, IntList ids) {
    if (kind.wholeWordsFirst()) {
      byte[] written = ByteAlphabet.write(text, from, to);
      int whole = vocabulary.find(written, 0, written.length);
      if (whole != Vocabulary.NONE && !vocabulary.type(whole).isControl()) {
        ids.add(whole);
        return;
      }
    }
    merger.begin(to);
    for (int at = from; at < to; at++) {
      merger.add(at, byteTokens[text[at] & 0xff]);
    }
    merger.merge(text);
    for (int s = 0; s < merger.end(); s = merger.next(s)) {
      if (merger.token(s) != Vocabulary.NONE) {
        ids.add(merger.token(s));
      }
    }
  }

  /** A character that writes no byte, which no such vocabulary should hold, stands for itself. */
  @Override
  public void decode(int id, ByteArrayOutputStream out) {
    String letters = new String(vocabulary.text(id), StandardCharsets.UTF_8);
    letters
        .codePoints()
        .forEach(
            c -> {
              int b = ByteAlphabet.unsignedByte(c);
              if (b >= 0) {
                out.write(b);
              } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
  }
}
