package io.kvasir.engine.tokenizer;

import static io.kvasir.engine.tokenizer.CharClass.LETTER;
import static io.kvasir.engine.tokenizer.CharClass.NUMBER;
import static io.kvasir.engine.tokenizer.CharClass.OTHER;
import static io.kvasir.engine.tokenizer.CharClass.SPACE;

/**
 * The alternatives of the GPT-2 and Llama 3 split patterns, tried in the patterns' order. Every
 * method looks at {@code text[at .. to)} only, {@code at < to}, and returns where its match ends.
 */
final class WordScanner {
  private WordScanner() {}

  /** One word of {@link PreTokenizer#GPT2}. */
  static int gpt2(byte[] text, int at, int to) {
    int contraction = contraction(text, at, to, false);
    if (contraction > 0) {
      return contraction;
    }
    int word = text[at] == ' ' ? at + 1 : at; // " ?"
    if (word < to) {
      byte kind = kind(text, word);
      if (kind != SPACE) {
        return run(text, word, to, kind, Integer.MAX_VALUE);
      }
    }
    return spaces(text, at, to, false);
  }

  /** One word of {@link PreTokenizer#LLAMA3}, with at most {@code digits} numbers. */
  static int llama3(byte[] text, int at, int to, int digits) {
    int contraction = contraction(text, at, to, true);
    if (contraction > 0) {
      return contraction;
    }
    byte kind = kind(text, at);
    if (kind == NUMBER) {
      return run(text, at, to, NUMBER, digits);
    }
    int next = at + Utf8.length(text[at]);
    if (kind == LETTER || (!isNewline(text[at]) && next < to && kind(text, next) == LETTER)) {
      return run(text, next, to, LETTER, Integer.MAX_VALUE);
    }
    int word = text[at] == ' ' ? next : at; // " ?"
    if (word < to && kind(text, word) == OTHER) {
      int end = run(text, word, to, OTHER, Integer.MAX_VALUE);
      while (end < to && isNewline(text[end])) {
        end++;
      }
      return end;
    }
    return spaces(text, at, to, true);
  }

  /** End of {@code 's|'t|'re|'ve|'m|'ll|'d}, or 0. Ignoring case concerns ASCII letters only. */
  private static int contraction(byte[] text, int at, int to, boolean ignoreCase) {
    if (text[at] != '\'' || at + 1 >= to) {
      return 0;
    }
    int fold = ignoreCase ? 0x20 : 0; // of no effect on the lower-case letters compared with
    int first = text[at + 1] | fold;
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return at + 2;
    }
    if (at + 2 >= to) {
      return 0;
    }
    int second = text[at + 2] | fold;
    boolean known =
        ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l');
    return known ? at + 3 : 0;
  }

  /**
   * White space: {@code \s*[\r\n]+} where newlines end a word, then {@code \s+(?!\S)|\s+}, which
   * leaves the last of several to the word behind them.
   */
  private static int spaces(byte[] text, int at, int to, boolean newlinesEndWords) {
    int end = at;
    int last = at; // start of the last one
    int afterNewline = at;
    while (end < to && kind(text, end) == SPACE) {
      last = end;
      end += Utf8.length(text[end]);
      if (isNewline(text[last])) {
        afterNewline = end;
      }
    }
    if (newlinesEndWords && afterNewline > at) {
      return afterNewline;
    }
    return end < to && last > at ? last : end;
  }

  private static int run(byte[] text, int at, int to, byte kind, int longest) {
    int end = at;
    for (int n = 0; n < longest && end < to && kind(text, end) == kind; n++) {
      end += Utf8.length(text[end]);
    }
    return end;
  }

  /** These patterns do not tell punctuation from other characters. */
  private static byte kind(byte[] text, int at) {
    byte kind = CharClass.of(Utf8.codePoint(text, at));
    return kind == CharClass.PUNCTUATION ? OTHER : kind;
  }

  private static boolean isNewline(byte b) {
    return b == '\r' || b == '\n';
  }
}
