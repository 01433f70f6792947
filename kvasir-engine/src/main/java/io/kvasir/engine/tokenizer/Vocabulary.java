package io.kvasir.engine.tokenizer;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tokens of a model by id and by text, where a text is the UTF-8 bytes of the file, escapes
 * included. A token is a range of one byte array: 262,144 tokens are four arrays, not objects.
 */
final class Vocabulary {
  static final int NONE = -1;
  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";
  static final String SCORES = "tokenizer.ggml.scores";

  /**
   * Every key that names a token; a file is refused for a wrong one even where it has no effect.
   */
  private static final List<String> ID_KEYS =
      Stream.of(
              "bos",
              "eos",
              "unknown",
              "seperator",
              "padding",
              "mask",
              "eot",
              "eom",
              "prefix",
              "suffix",
              "middle",
              "fim_pre",
              "fim_suf",
              "fim_mid",
              "fim_pad",
              "fim_rep",
              "fim_sep")
          .map(name -> "tokenizer.ggml." + name + "_token_id")
          .toList();

  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

  private final byte[] bytes;
  private final int[] offsets; // one more than tokens
  private final TokenType[] types;
  private final int[] slots; // id or NONE, by hash
  private final int[] tags; // upper half of the hash of that id

  private Vocabulary(Metadata.Strings tokens, TokenType[] types) {
    this.bytes = tokens.bytes();
    this.offsets = tokens.offsets();
    this.types = types;
    this.slots = new int[Hashing.capacity(tokens.size())];
    this.tags = new int[slots.length];
    Arrays.fill(slots, NONE);
    for (int id = 0; id < tokens.size(); id++) {
      insert(id);
    }
    for (String name : EndTokens.ALWAYS_CONTROL) {
      int id = find(name);
      if (id != NONE) {
        types[id] = TokenType.CONTROL;
      }
    }
    for (int id = 0; id < types.length; id++) {
      if (types[id] == TokenType.BYTE && !isByte(id)) {
        throw new ModelFormatException(
            "%s[%d] is %s, but its type is byte: expected a text like <0x0A>"
                .formatted(TOKENS, id, quoted(id)));
      }
    }
  }

  private boolean isByte(int id) {
    return BYTE.matcher(new String(text(id), StandardCharsets.ISO_8859_1)).matches();
  }

  /**
   * Reads tokens and types, and checks all that refers to tokens by number.
   *
   * @throws ModelFormatException no tokens, one twice, or types, scores or ids that do not fit them
   */
  static Vocabulary from(Metadata metadata) {
    Metadata.Strings tokens = metadata.utf8(TOKENS);
    if (tokens.size() == 0) {
      throw new ModelFormatException(TOKENS + " is empty, expected at least one token");
    }
    TokenType[] types = new TokenType[tokens.size()];
    Arrays.fill(types, TokenType.NORMAL);
    if (metadata.has(TYPES)) {
      int[] numbers = metadata.ints(TYPES);
      checkLength(TYPES, numbers.length, tokens.size());
      for (int id = 0; id < numbers.length; id++) {
        if (!TokenType.isKnown(numbers[id])) {
          throw new ModelFormatException(
              "%s[%d] is %d, expected 0 to 6".formatted(TYPES, id, numbers[id]));
        }
        types[id] = TokenType.of(numbers[id]);
      }
    }
    if (metadata.has(SCORES)) {
      checkLength(SCORES, metadata.floats(SCORES).length, tokens.size());
    }
    for (String key : ID_KEYS) {
      metadata.integer(key, 0, tokens.size() - 1L, 0);
    }
    return new Vocabulary(tokens, types);
  }

  /** Refuses an array that has not one entry per token. */
  static void checkLength(String key, int length, int tokens) {
    if (length != tokens) {
      throw new ModelFormatException(
          "%s has %d entries, but %s has %d: expected one each"
              .formatted(key, length, TOKENS, tokens));
    }
  }

  int size() {
    return offsets.length - 1;
  }

  TokenType type(int id) {
    return types[id];
  }

  /** Bytes of a token's text. */
  int length(int id) {
    return offsets[id + 1] - offsets[id];
  }

  byte[] text(int id) {
    return Arrays.copyOfRange(bytes, offsets[id], offsets[id + 1]);
  }

  /** The byte that a token of type byte stands for. */
  int unsignedByte(int id) {
    return Integer.parseInt(new String(bytes, offsets[id] + 3, 2, StandardCharsets.US_ASCII), 16);
  }

  /**
   * The token whose text is {@code text[from .. to)}, or {@link #NONE}; the empty text has none.
   */
  int find(byte[] text, int from, int to) {
    long hash = Hashing.hash(text, from, to);
    int tag = (int) (hash >>> 32);
    int mask = slots.length - 1;
    for (int slot = (int) hash & mask; slots[slot] != NONE; slot = (slot + 1) & mask) {
      int id = slots[slot];
      if (tags[slot] == tag && Arrays.equals(bytes, offsets[id], offsets[id + 1], text, from, to)) {
        return id;
      }
    }
    return NONE;
  }

  int find(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return find(utf8, 0, utf8.length);
  }

  /** A token for a message: short, and without control characters. */
  String quoted(int id) {
    return quoted(text(id));
  }

  static String quoted(byte[] text) {
    return quoted(new String(text, StandardCharsets.UTF_8));
  }

  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .limit(40)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                out.append("\\u%04x".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.append('"').toString();
  }

  /** Padding is written as empty tokens by some converters: they have no text to be found by. */
  private void insert(int id) {
    int from = offsets[id];
    int to = offsets[id + 1];
    if (from == to) {
      return;
    }
    long hash = Hashing.hash(bytes, from, to);
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    for (; slots[slot] != NONE; slot = (slot + 1) & mask) {
      int other = slots[slot];
      if (tags[slot] == (int) (hash >>> 32)
          && Arrays.equals(bytes, offsets[other], offsets[other + 1], bytes, from, to)) {
        throw new ModelFormatException(
            "%s holds %s twice, as %d and %d: expected every token once"
                .formatted(TOKENS, quoted(id), other, id));
      }
    }
    slots[slot] = id;
    tags[slot] = (int) (hash >>> 32);
  }
}
