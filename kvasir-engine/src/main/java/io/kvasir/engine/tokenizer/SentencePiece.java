package io.kvasir.engine.tokenizer;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.Metadata;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * SentencePiece's BPE ({@code llama}: Llama 2, Mistral, Gemma): spaces become U+2581, and two
 * neighbours are joined where the vocabulary holds their concatenation, the highest score first
 * (Kudo and Richardson 2018, arXiv:1808.06226). A character without a token is spelt in byte
 * tokens.
 *
 * <p>Differs from llama.cpp: control and byte tokens are never joined from their characters
 * (SentencePiece does not either), so no text from a user can become one.
 */
final class SentencePiece implements SubwordModel {
  private static final String UNKNOWN = "tokenizer.ggml.unknown_token_id";
  private static final byte[] SPACE = {(byte) 0xe2, (byte) 0x96, (byte) 0x81}; // U+2581

  private final Vocabulary vocabulary;
  private final boolean spacePrefix;
  private final int[] priorities; // by token: 0 for the highest score; NONE: not made by joining
  private final int longest; // bytes of the longest token
  private final int[] byteTokens = new int[256];

  /**
   * @param spacePrefix a text that begins, or follows a special token, gets a space in front
   * @throws ModelFormatException no scores, or one that is not finite
   */
  SentencePiece(Vocabulary vocabulary, Metadata metadata, boolean spacePrefix) {
    this.vocabulary = vocabulary;
    this.spacePrefix = spacePrefix;
    this.priorities = priorities(metadata.floats(Vocabulary.SCORES));
    int longestText = 0;
    for (int id = 0; id < vocabulary.size(); id++) {
      TokenType type = vocabulary.type(id);
      if (type.isControl() || type == TokenType.BYTE) {
        priorities[id] = Vocabulary.NONE;
      } else {
        longestText = Math.max(longestText, vocabulary.length(id));
      }
    }
    this.longest = longestText;
    int unknown =
        metadata.has(UNKNOWN)
            ? (int) metadata.integer(UNKNOWN, 0, vocabulary.size() - 1)
            : Vocabulary.NONE;
    for (int b = 0; b < 256; b++) {
      int id = vocabulary.find("<0x%02X>".formatted(b));
      byteTokens[b] = id == Vocabulary.NONE ? unknown : id;
    }
  }

  /** Ranks of the scores, the highest 0, equal ones equal. */
  private static int[] priorities(float[] scores) {
    long[] order = new long[scores.length];
    for (int id = 0; id < scores.length; id++) {
      if (!Float.isFinite(scores[id])) {
        throw new ModelFormatException(
            "%s[%d] is %s, expected a finite number".formatted(Vocabulary.SCORES, id, scores[id]));
      }
      int bits = Float.floatToIntBits(-scores[id] + 0f); // + 0: one zero only
      order[id] = (long) (bits < 0 ? bits ^ 0x7fffffff : bits) << 32 | id; // sorts as floats do
    }
    Arrays.sort(order);
    int[] priorities = new int[scores.length];
    int rank = 0;
    for (int i = 0; i < order.length; i++) {
      if (i > 0 && order[i] >> 32 != order[i - 1] >> 32) {
        rank++;
      }
      priorities[(int) order[i]] = rank;
    }
    return priorities;
  }

  @Override
  public Encoder encoder() {
    PairMerger merger = new PairMerger((text, from, to, left, right) -> join(text, from, to));
    return (text, from, to, ids) -> {
      byte[] escaped = escape(text, from, to);
      merger.begin(escaped.length);
      for (int at = 0, end; at < escaped.length; at = end) {
        end = at + Utf8.length(escaped[at]);
        merger.add(at, find(escaped, at, end));
      }
      merger.merge(escaped);
      for (int s = 0; s < merger.end(); s = merger.next(s)) {
        if (merger.token(s) == Vocabulary.NONE) {
          spell(escaped, merger.start(s), merger.stop(s), ids);
        } else {
          ids.add(merger.token(s));
        }
      }
    };
  }

  private byte[] escape(byte[] text, int from, int to) {
    int spaces = spacePrefix ? 1 : 0;
    for (int i = from; i < to; i++) {
      spaces += text[i] == ' ' ? 1 : 0;
    }
    byte[] out = new byte[to - from + spaces * 2 + (spacePrefix ? 1 : 0)];
    int size = 0;
    if (spacePrefix) {
      System.arraycopy(SPACE, 0, out, 0, SPACE.length);
      size = SPACE.length;
    }
    for (int i = from; i < to; i++) {
      if (text[i] == ' ') {
        System.arraycopy(SPACE, 0, out, size, SPACE.length);
        size += SPACE.length;
      } else {
        out[size++] = text[i];
      }
    }
    return out;
  }

  private long join(byte[] text, int from, int to) {
    int id = find(text, from, to);
    return id == Vocabulary.NONE ? PairMerger.NO_JOIN : (long) priorities[id] << 32 | id;
  }

  /** The length check keeps the work per character constant in runs that no token covers. */
  private int find(byte[] text, int from, int to) {
    if (to - from > longest) {
      return Vocabulary.NONE;
    }
    int id = vocabulary.find(text, from, to);
    return id == Vocabulary.NONE || priorities[id] == Vocabulary.NONE ? Vocabulary.NONE : id;
  }

  /** Without byte tokens: the unknown token once per byte, and nothing where there is none. */
  private void spell(byte[] text, int from, int to, IntList ids) {
    for (int i = from; i < to; i++) {
      int id = byteTokens[text[i] & 0xff];
      if (id != Vocabulary.NONE) {
        ids.add(id);
      }
    }
  }

  @Override
  public void decode(int id, ByteArrayOutputStream out) {
    byte[] text = vocabulary.text(id);
    for (int i = 0; i < text.length; i++) {
      if (text[i] == SPACE[0]
          && Arrays.equals(text, i, Math.min(i + 3, text.length), SPACE, 0, 3)) {
        out.write(' ');
        i += 2;
      } else {
        out.write(text[i]);
      }
    }
  }
}
