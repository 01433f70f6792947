package io.kvasir.engine.perplexity;

import io.kvasir.engine.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How llama-perplexity cuts a text: into chunks of the same length, in which a BOS token, where the
 * model wants one, takes the place of the first token. A rest that fills no chunk is left out.
 *
 * @param tokens of a chunk, at least 4
 * @param most chunks, at least 1
 */
record Chunks(int tokens, int most) {
  Chunks {
    check(tokens, most);
  }

  /**
   * Refuses numbers that a cut cannot have.
   *
   * @throws IllegalArgumentException names the value that is out of range
   */
  static void check(int tokens, int most) {
    if (tokens < 4) {
      throw new IllegalArgumentException("chunk-tokens=" + tokens + " must be at least 4");
    }
    if (most < 1) {
      throw new IllegalArgumentException("chunks=" + most + " must be at least 1");
    }
  }

  /**
   * The chunks of a text.
   *
   * @param ids the text, without BOS
   * @throws IllegalArgumentException the text does not fill one chunk
   */
  List<int[]> of(Model model, int[] ids) {
    int[] text = model.tokenizer().withBos(ids);
    int count = Math.min(most, text.length / tokens);
    if (count == 0) {
      throw new IllegalArgumentException(
          "the text has %d tokens; expected at least one chunk of %d"
              .formatted(text.length, tokens));
    }
    List<int[]> chunks = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      int[] chunk = Arrays.copyOfRange(text, c * tokens, (c + 1) * tokens);
      if (model.tokenizer().addsBos()) {
        chunk[0] = model.tokenizer().bos().orElseThrow();
      }
      chunks.add(chunk);
    }
    return chunks;
  }
}
