package io.kvasir.engine.tokenizer;

import io.kvasir.engine.ModelFormatException;

/**
 * What {@code tokenizer.ggml.pre} says of a byte-level vocabulary.
 *
 * @param words how text is cut before merging
 * @param wholeWordsFirst a word that is a token is that token, whatever its merges give
 * @param addsBos whether texts begin with BOS where the file does not say
 */
record BytePairKind(PreTokenizer words, boolean wholeWordsFirst, boolean addsBos) {

  /**
   * The kind of a name; the names are those that llama.cpp's converter gives to tokenizers it knows
   * by fingerprint, so that equal behaviour is no guess.
   *
   * @throws ModelFormatException another name
   */
  static BytePairKind of(String name) {
    return switch (name) {
      case "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b" ->
          new BytePairKind(PreTokenizer.SMOLLM, false, false);
      case "gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "exaone4", "mellum" ->
          new BytePairKind(PreTokenizer.GPT2, false, false);
      case "qwen2", "deepseek-r1-qwen", "megrez", "stablelm2", "hunyuan" ->
          new BytePairKind(PreTokenizer.QWEN2, false, false);
      case "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2" ->
          new BytePairKind(PreTokenizer.LLAMA3, true, true);
      case "glm4" -> new BytePairKind(PreTokenizer.LLAMA3, true, false);
      case "dbrx", "smaug-bpe", "chatglm-bpe" ->
          new BytePairKind(PreTokenizer.LLAMA3, false, false);
      case "default" -> new BytePairKind(PreTokenizer.DEFAULT, false, false);
      default ->
          throw new ModelFormatException(
              "tokenizer.ggml.pre is %s, expected default, or a name of the gpt-2, smollm, qwen2 or llama-bpe family"
                  .formatted(Vocabulary.quoted(name)));
    };
  }
}
