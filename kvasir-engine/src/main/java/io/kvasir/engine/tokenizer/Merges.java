package io.kvasir.engine.tokenizer;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.Metadata;
import java.util.Arrays;

/** The ranked list of pairs that byte-level BPE joins, read from lines like {@code "th e"}. */
final class Merges {
  private static final String MERGES = "tokenizer.ggml.merges";

  private final LongIntMap ranks; // left << 32 | right -> rank
  private final int[] joined; // by rank

  /**
   * @throws ModelFormatException a merge is not two tokens whose concatenation is a token
   */
  Merges(Vocabulary vocabulary, Metadata metadata) {
    Metadata.Strings lines = metadata.utf8(MERGES);
    ranks = new LongIntMap(lines.size());
    joined = new int[lines.size()];
    byte[] bytes = lines.bytes();
    byte[] both = new byte[64];
    for (int rank = 0; rank < joined.length; rank++) {
      int from = lines.offsets()[rank];
      int to = lines.offsets()[rank + 1];
      int space = space(bytes, from, to);
      int left = vocabulary.find(bytes, from, space);
      int right = space < to ? vocabulary.find(bytes, space + 1, to) : Vocabulary.NONE;
      if (left == Vocabulary.NONE || right == Vocabulary.NONE) {
        throw notTokens(rank, bytes, from, to);
      }
      if (both.length < to - from) {
        both = new byte[2 * (to - from)];
      }
      System.arraycopy(bytes, from, both, 0, space - from);
      System.arraycopy(bytes, space + 1, both, space - from, to - space - 1);
      joined[rank] = vocabulary.find(both, 0, to - from - 1);
      if (joined[rank] == Vocabulary.NONE) {
        throw notTokens(rank, bytes, from, to);
      }
      ranks.putIfAbsent(pair(left, right), rank); // of a merge listed twice the first counts
    }
  }

  /** As {@link PairMerger.Joins#join}; either token may be {@code NONE}. */
  long join(int left, int right) {
    int rank = ranks.get(pair(left, right));
    return rank == LongIntMap.ABSENT ? PairMerger.NO_JOIN : (long) rank << 32 | joined[rank];
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | (right & 0xffffffffL);
  }

  /** The space between two tokens: never the first byte, and {@code to} where there is none. */
  private static int space(byte[] bytes, int from, int to) {
    int at = Math.min(from + 1, to);
    while (at < to && bytes[at] != ' ') {
      at++;
    }
    return at;
  }

  private static ModelFormatException notTokens(int rank, byte[] bytes, int from, int to) {
    return new ModelFormatException(
        "%s[%d] is %s, expected two tokens with a space between that together are a token"
            .formatted(MERGES, rank, Vocabulary.quoted(Arrays.copyOfRange(bytes, from, to))));
  }
}
