package io.kvasir.eval.task;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** What tests make items with: the licences of the JDK, and a tokenizer of the usual manners. */
final class Recipes {
  static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
  static final Corpus PROSE = Corpora.legal(JAVA_HOME);

  /** Pieces of words, single digits, single signs. */
  private static final Pattern TOKEN =
      Pattern.compile(" ?[A-Za-z]{1,5}|[0-9]|\\n+| +|[^A-Za-z0-9\\s]");

  static final TokenCounter TOKENS = text -> (int) TOKEN.matcher(text).results().count();

  private Recipes() {}

  static Recipe of(int ctx, int number) {
    return of(1, ctx, number, Protocol.BLIND);
  }

  static Recipe of(long seed, int ctx, int number, Protocol protocol) {
    return new Recipe(seed, ctx, number, protocol, 20, TOKENS, PROSE);
  }
}
