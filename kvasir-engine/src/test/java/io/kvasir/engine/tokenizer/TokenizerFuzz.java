package io.kvasir.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What must hold for any text, for a fuzzer and a seeded test to feed. */
public final class TokenizerFuzz {
  private static final List<Tokenizer> BYTE_LEVEL = byteLevel();
  private static final List<Tokenizer> SENTENCE_PIECE = sentencePiece();

  private TokenizerFuzz() {}

  private static List<Tokenizer> byteLevel() {
    String[] merges = {"a b", "Ġ a", "1 1", "< s", "Ċ Ċ", "Ã ©", "ab ab"};
    return Stream.of("gpt-2", "smollm", "qwen2", "llama-bpe", "default")
        .map(pre -> Tokenizer.from(Vocabularies.byteLevel(pre, merges)))
        .toList();
  }

  private static List<Tokenizer> sentencePiece() {
    Map<String, Float> scores = new LinkedHashMap<>();
    for (String piece : List.of("▁", "a", "b", "<", "s", "é", "ab", "▁a", "▁▁", "aa", "<s", "\n")) {
      scores.put(piece, (float) -scores.size());
    }
    MapMetadata metadata = Vocabularies.sentencePiece(scores);
    return List.of(
        Tokenizer.from(metadata),
        Tokenizer.from(metadata.with("tokenizer.ggml.add_space_prefix", false)));
  }

  /**
   * Encodes a text and decodes it again, at once and as a stream. The first byte chooses
   * vocabulary, encoding (UTF-8, or UTF-16 for lone surrogates) and whether special tokens are
   * parsed. Then hides the text from a template.
   *
   * @throws AssertionError the text did not come back, or would have become a control token
   */
  public static void encode(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int choice = input[0] & 0xff;
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    String text =
        new String(rest, (choice & 0x80) == 0 ? StandardCharsets.UTF_8 : StandardCharsets.UTF_16BE);
    boolean bytes = (choice & 1) == 0;
    List<Tokenizer> kind = bytes ? BYTE_LEVEL : SENTENCE_PIECE;
    Tokenizer tokenizer = kind.get((choice >> 1 & 0x1f) % kind.size());
    int[] ids = tokenizer.encode(text, (choice & 0x40) != 0);
    String wellFormed = new String(Utf8.bytes(text), StandardCharsets.UTF_8);
    // SentencePiece cannot tell a space from the sign it writes it with
    String expected = bytes ? wellFormed : wellFormed.replace('▁', ' ');
    check(expected, tokenizer.decode(ids, true));
    StreamingDecoder decoder = tokenizer.decoder(true);
    StringBuilder streamed = new StringBuilder();
    for (int id : ids) {
      streamed.append(decoder.append(id));
    }
    streamed.append(decoder.finish());
    if (!tokenizer.addsSpace()) {
      check(expected, streamed.toString());
    }
    TextGuard guard = tokenizer.guard(List.of(text));
    if (!Arrays.equals(guard.encode(guard.hide(text)), tokenizer.encode(text, false))) {
      throw new AssertionError("is no plain text under a guard: \"" + text + "\"");
    }
  }

  private static void check(String expected, String actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError("came back as \"" + actual + "\": \"" + expected + "\"");
    }
  }
}
