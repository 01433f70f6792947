package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scores of LongBench for English, one answer against one gold.
 *
 * <p>Source: Bai et al. 2023, arXiv:2308.14508; THUDM/LongBench, LongBench/metrics.py, whose
 * numbers these are, its oddities included.
 */
final class LongBench {
  private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]"); // ASCII only
  private static final Pattern ARTICLE =
      Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern SPACES =
      Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern DIGITS = Pattern.compile("\\d+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern PARAGRAPH = Pattern.compile("Paragraph (\\d+)");

  private LongBench() {}

  /** What stands before the first line's end, lines that are empty left out. */
  static String firstLine(String answer) {
    return answer.lines().dropWhile(String::isEmpty).findFirst().orElse("");
  }

  static double f1(String answer, String gold) {
    return Answers.f1(words(answer), words(gold));
  }

  private static List<String> words(String text) {
    String plain = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    String bare = ARTICLE.matcher(plain).replaceAll(" ");
    return SPACES.splitAsStream(bare).filter(word -> !word.isEmpty()).toList();
  }

  /**
   * A class named inside the gold's own name does not count against it; of two such in a row the
   * second does, because the original removes from the list that it walks through.
   */
  static double classification(String answer, String gold, List<String> classes) {
    List<String> named = new ArrayList<>();
    for (String one : classes) {
      if (answer.contains(one)) {
        named.add(one);
      }
    }
    for (int i = 0; i < named.size(); i++) {
      String one = named.get(i);
      if (gold.contains(one) && !one.equals(gold)) {
        named.remove(one);
      }
    }
    return named.contains(gold) ? 1.0 / named.size() : 0;
  }

  /** Gold names its paragraph as {@code Paragraph 7}. */
  static double retrieval(String answer, String gold) {
    Matcher paragraph = PARAGRAPH.matcher(gold);
    return paragraph.find() ? count(answer, paragraph.group(1)) : 0;
  }

  static double count(String answer, String gold) {
    List<String> numbers = DIGITS.matcher(answer).results().map(MatchResult::group).toList();
    return numbers.stream().mapToDouble(number -> number.equals(gold) ? 1 : 0).average().orElse(0);
  }

  /**
   * Of the first line that is neither comment nor quotation; to a hundredth, as fuzzywuzzy has it.
   */
  static double edit(String answer, String gold) {
    String code =
        answer
            .lines()
            .dropWhile(String::isEmpty)
            .filter(line -> !line.contains("`") && !line.contains("#") && !line.contains("//"))
            .findFirst()
            .orElse("");
    return Math.rint(100 * Likeness.of(code, gold)) / 100;
  }
}
