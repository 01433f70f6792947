package io.kvasir.eval.kld;

import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.eval.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens that are read, cut as llama.cpp cuts them: into chunks of the same length, a rest left
 * out.
 *
 * @param tokens T of a chunk
 * @param chunks each [T], at least one; BOS not in its place yet
 */
record KldText(int tokens, List<int[]> chunks) {

  /**
   * Cuts a text.
   *
   * @param tokens T, at least 4
   * @param most chunks, at least 1
   * @throws InputException it does not fill one chunk
   */
  static KldText of(Tokenizer tokenizer, String text, int tokens, int most) {
    int[] ids = tokenizer.withBos(tokenizer.encode(text, false));
    int count = Math.min(most, ids.length / tokens);
    if (count == 0) {
      throw new InputException(
          "the text has %d tokens; expected at least one chunk of %d"
              .formatted(ids.length, tokens));
    }
    List<int[]> chunks = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      chunks.add(Arrays.copyOfRange(ids, c * tokens, (c + 1) * tokens));
    }
    return new KldText(tokens, chunks);
  }

  /** The first chunks. */
  KldText first(int count) {
    return new KldText(tokens, chunks.subList(0, count));
  }

  /** A chunk as it is read: BOS in the place of the first token, where the model wants one. */
  int[] read(int chunk, Tokenizer tokenizer) {
    int[] ids = chunks.get(chunk).clone();
    if (tokenizer.addsBos()) {
      ids[0] = tokenizer.bos().orElseThrow();
    }
    return ids;
  }

  /**
   * Refuses to compare predictions about different texts.
   *
   * @param other of the same length of chunks
   * @param name whose text the other is
   */
  void requireSame(KldText other, String name) {
    for (int c = 0; c < chunks.size(); c++) {
      if (c >= other.chunks.size()) {
        throw new InputException(
            "the text fills %d chunks of %d tokens, %s has %d"
                .formatted(other.chunks.size(), tokens, name, chunks.size()));
      }
      int at = Arrays.mismatch(chunks.get(c), other.chunks.get(c));
      if (at >= 0) {
        throw new InputException(
            "%s is of another text or tokenizer: token %d of chunk %d is %d there and %d in the text"
                .formatted(name, at, c, chunks.get(c)[at], other.chunks.get(c)[at]));
      }
    }
  }
}
