package io.kvasir.engine.tokenizer;

import java.util.function.UnaryOperator;

/**
 * Cuts text into the words that byte-level BPE never merges across. Each kind is a split pattern
 * that its model's maker published, written out as scanners: one pass, no backtracking, no
 * recursion.
 */
enum PreTokenizer {
  /** {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}. */
  GPT2(PreTokenizer::gpt2),

  /** Every {@code \p{N}} on its own, {@link #GPT2} between them. */
  SMOLLM(out -> isolate(CharClass::isNumber, 1, out, gpt2(out))),

  /**
   * {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|}<br>
   * {@code ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}.
   */
  LLAMA3(out -> llama3(out, 3)),

  /** {@link #LLAMA3} with {@code \p{N}} in place of {@code \p{N}{1,3}}. */
  QWEN2(out -> llama3(out, 1)),

  /**
   * What llama.cpp does where a file names no pre-tokenizer of its own: runs of {@code
   * [\p{P}$+<=>^~|]} alone, {@link #GPT2} between them; in that, runs of numbers alone; in those,
   * ASCII digits by threes.
   */
  DEFAULT(
      out -> {
        Words numbers = isolate(CharClass::isNumber, Integer.MAX_VALUE, threeDigits(out), out);
        return isolate(CharClass::isLoudPunctuation, Integer.MAX_VALUE, out, gpt2(numbers));
      });

  /** Receives a piece of a text: {@code text[from .. to)}, whole characters, never empty. */
  @FunctionalInterface
  interface Words {
    void word(byte[] text, int from, int to);
  }

  /** Whether a character stands alone. */
  @FunctionalInterface
  private interface Chars {
    boolean has(int codePoint);
  }

  private final UnaryOperator<Words> stages;

  PreTokenizer(UnaryOperator<Words> stages) {
    this.stages = stages;
  }

  /**
   * A receiver of text that hands its words, in order, to {@code out}. Each piece is a text of its
   * own: what lies outside is not looked at.
   */
  Words into(Words out) {
    return stages.apply(out);
  }

  private static Words gpt2(Words out) {
    return (text, from, to) -> {
      for (int at = from, end; at < to; at = end) {
        end = WordScanner.gpt2(text, at, to);
        out.word(text, at, end);
      }
    };
  }

  private static Words llama3(Words out, int digits) {
    return (text, from, to) -> {
      for (int at = from, end; at < to; at = end) {
        end = WordScanner.llama3(text, at, to, digits);
        out.word(text, at, end);
      }
    };
  }

  /**
   * Runs of {@code chars}, at most {@code longest} of them, go one way, what is between another.
   */
  private static Words isolate(Chars chars, int longest, Words runs, Words between) {
    return (text, from, to) -> {
      int start = from; // of what is not handed on yet
      for (int at = from; at < to; ) {
        int end = at;
        for (int n = 0; n < longest && end < to && chars.has(Utf8.codePoint(text, end)); n++) {
          end += Utf8.length(text[end]);
        }
        if (end == at) {
          at += Utf8.length(text[at]);
          continue;
        }
        if (start < at) {
          between.word(text, start, at);
        }
        runs.word(text, at, end);
        at = end;
        start = end;
      }
      if (start < to) {
        between.word(text, start, to);
      }
    };
  }

  /** {@code [0-9][0-9][0-9]} alone, and what is between. */
  private static Words threeDigits(Words out) {
    return (text, from, to) -> {
      int start = from;
      int digits = 0; // ASCII digits that end at this byte
      for (int at = from; at < to; at++) {
        digits = text[at] >= '0' && text[at] <= '9' ? digits + 1 : 0;
        if (digits == 3) {
          if (start < at - 2) {
            out.word(text, start, at - 2);
          }
          out.word(text, at - 2, at + 1);
          start = at + 1;
          digits = 0;
        }
      }
      if (start < to) {
        out.word(text, start, to);
      }
    };
  }
}
