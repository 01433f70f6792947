package io.kvasir.engine.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small made-up vocabularies. Types are ggml's numbers: 1 normal, 3 control, 4 user-defined. */
final class Vocabularies {
  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";
  static final String SCORES = "tokenizer.ggml.scores";
  static final String MERGES = "tokenizer.ggml.merges";

  private Vocabularies() {}

  /** One token of a made-up vocabulary. */
  record Token(String text, int type, float score) {}

  /**
   * Tokens 0 to 255 are the bytes, then come the results of the merges, then control tokens {@code
   * <s>} and {@code <|im_end|>}, then user-defined {@code <tool>}, {@code <to} and two newlines.
   */
  static MapMetadata byteLevel(String pre, String... merges) {
    List<Token> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(new Token(String.valueOf(ByteAlphabet.letter(b)), 1, 0));
    }
    for (String merge : merges) {
      tokens.add(new Token(merge.replace(" ", ""), 1, 0));
    }
    tokens.add(new Token("<s>", 3, 0));
    tokens.add(new Token("<|im_end|>", 3, 0));
    for (String userDefined : List.of("<tool>", "<to", "\n\n")) {
      tokens.add(new Token(userDefined, 4, 0));
    }
    return of("gpt2", tokens)
        .with("tokenizer.ggml.pre", pre)
        .with("tokenizer.ggml.bos_token_id", 256L + merges.length)
        .with("tokenizer.ggml.eos_token_id", 257L + merges.length)
        .with(MERGES, MapMetadata.strings(List.of(merges)));
  }

  /**
   * Tokens 0 to 2 are the unknown one and control {@code <s>} and {@code </s>}, 3 to 258 the bytes,
   * then the given ones with their scores, then user-defined {@code <tool>} and two newlines.
   */
  static MapMetadata sentencePiece(Map<String, Float> scores) {
    List<Token> tokens = new ArrayList<>();
    tokens.add(new Token("<unk>", 2, 0));
    tokens.add(new Token("<s>", 3, 0));
    tokens.add(new Token("</s>", 3, 0));
    for (int b = 0; b < 256; b++) {
      tokens.add(new Token("<0x%02X>".formatted(b), 6, 0));
    }
    scores.forEach((text, score) -> tokens.add(new Token(text, 1, score)));
    tokens.add(new Token("<tool>", 4, 0));
    tokens.add(new Token("\n\n", 4, 0));
    return of("llama", tokens)
        .with("tokenizer.ggml.bos_token_id", 1L)
        .with("tokenizer.ggml.eos_token_id", 2L)
        .with("tokenizer.ggml.unknown_token_id", 0L);
  }

  private static MapMetadata of(String model, List<Token> tokens) {
    float[] scores = new float[tokens.size()];
    for (int id = 0; id < scores.length; id++) {
      scores[id] = tokens.get(id).score();
    }
    return new MapMetadata(Map.of("tokenizer.ggml.model", model))
        .with(TOKENS, MapMetadata.strings(tokens.stream().map(Token::text).toList()))
        .with(TYPES, tokens.stream().mapToInt(Token::type).toArray())
        .with(SCORES, scores);
  }
}
