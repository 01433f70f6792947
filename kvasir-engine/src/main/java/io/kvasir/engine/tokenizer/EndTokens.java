package io.kvasir.engine.tokenizer;

import io.kvasir.engine.gguf.Metadata;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tokens that end a generation, found as llama.cpp finds them: a file names at most one or two
 * of them by id, the rest are known by their text.
 */
final class EndTokens {
  private static final List<String> KEYS =
      Stream.of("eos", "eot", "eom", "fim_pad", "fim_rep", "fim_sep")
          .map(name -> "tokenizer.ggml." + name + "_token_id")
          .toList();

  private static final List<String> NAMES =
      List.of(
          // end of text, turn or message
          "</s>",
          "<eos>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<|im_end|>",
          "<|end|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<end_of_turn>",
          "<end_of_utterance>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<｜end▁of▁sentence｜>",
          // where a code model has filled its hole
          "<|fim_pad|>",
          "<fim-pad>",
          "<fim_pad>",
          "<PAD>",
          "[PAD]",
          "<|fim_repo|>",
          "<|repo_name|>",
          "<fim-repo>",
          "<REPO>",
          "<reponame>",
          "<|file_sep|>");

  private static final List<String> HOLE_NAMES =
      List.of(
          "<|fim_prefix|>",
          "<fim-prefix>",
          "<fim_prefix>",
          "<｜fim▁begin｜>",
          "<PRE>",
          "▁<PRE>",
          "<|fim_suffix|>",
          "<fim-suffix>",
          "<fim_suffix>",
          "<｜fim▁hole｜>",
          "<SUF>",
          "▁<SUF>",
          "<|fim_middle|>",
          "<fim-middle>",
          "<fim_middle>",
          "<｜fim▁end｜>",
          "<MID>",
          "▁<MID>");

  /** Control tokens whatever their type in the file, where converters often put another one. */
  static final List<String> ALWAYS_CONTROL =
      Stream.concat(NAMES.stream(), HOLE_NAMES.stream()).toList();

  private EndTokens() {}

  static BitSet of(Vocabulary vocabulary, Metadata metadata) {
    BitSet ends = new BitSet(vocabulary.size());
    for (String key : KEYS) {
      if (metadata.has(key)) {
        ends.set((int) metadata.integer(key, 0, vocabulary.size() - 1));
      }
    }
    for (String name : NAMES) {
      int id = vocabulary.find(name);
      if (id != Vocabulary.NONE) {
        ends.set(id);
      }
    }
    return ends;
  }
}
