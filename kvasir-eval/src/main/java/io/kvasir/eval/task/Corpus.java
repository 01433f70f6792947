package io.kvasir.eval.task;

import io.kvasir.eval.Digest;
import io.kvasir.eval.InputException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A long text that contexts are made of. Its identity is what it says, not where it was found. */
public final class Corpus {
  private static final Pattern INK = Pattern.compile("\\S+");
  private static final Pattern WORD = Pattern.compile("\\b[a-z]{4,9}\\b");

  private final String name;
  private final String text;
  private final String sha;
  private final List<String> sentences;
  private final List<String> words;
  private final int[] ends;

  private Corpus(String name, String text) {
    this.name = name;
    this.text = text;
    sha = Digest.hex(text);
    sentences = List.copyOf(Sentences.of(text));
    words = WORD.matcher(text).results().map(MatchResult::group).distinct().sorted().toList();
    ends = INK.matcher(text).results().mapToInt(MatchResult::end).toArray();
  }

  /**
   * @param name for people
   * @throws InputException when the text is blank
   */
  public static Corpus of(String name, String text) {
    if (text.isBlank()) {
      throw new InputException(name + " is empty; expected a text");
    }
    return new Corpus(name, text);
  }

  public String name() {
    return name;
  }

  public String text() {
    return text;
  }

  /** SHA-256 of the text. */
  public String sha() {
    return sha;
  }

  /** In order, each on one line; at least one. */
  List<String> sentences() {
    return sentences;
  }

  /** All different words of four to nine small letters, in alphabetical order. */
  List<String> words() {
    return words;
  }

  /** Number of runs of characters between spaces. */
  int runs() {
    return ends.length;
  }

  /**
   * The text of some runs, with the space before the first and between all, as it stands there.
   *
   * @param from index of the first, from 0
   * @param to index behind the last
   */
  String runs(int from, int to) {
    return from == to ? "" : text.substring(from == 0 ? 0 : ends[from - 1], ends[to - 1]);
  }
}
