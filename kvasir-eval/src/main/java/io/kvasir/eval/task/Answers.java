package io.kvasir.eval.task;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Scores of generated answers, in [0, 1]. */
final class Answers {
  private static final Pattern AROUND = Pattern.compile("^[\\s\"'`*]+|[\\s\"'`*.,;]+$");
  private static final Pattern CHOICE = Pattern.compile("(?<![A-Za-z])\\(?([A-D])(?![A-Za-z'])");

  private Answers() {}

  static double exact(String answer, String gold) {
    return bare(firstLine(answer)).equals(bare(gold)) ? 1 : 0;
  }

  private static String bare(String text) {
    return AROUND.matcher(text).replaceAll("").toLowerCase(Locale.ROOT);
  }

  private static String firstLine(String answer) {
    return answer.strip().lines().findFirst().orElse("");
  }

  static double shareFound(String answer, List<String> gold) {
    String text = answer.toLowerCase(Locale.ROOT);
    return gold.stream()
        .mapToDouble(one -> text.contains(one.toLowerCase(Locale.ROOT)) ? 1 : 0)
        .average()
        .orElse(0);
  }

  static double lineF1(String answer, List<String> gold) {
    return f1(answer.lines().map(String::strip).filter(line -> !line.isEmpty()).toList(), gold);
  }

  static double choice(String answer, String gold) {
    Matcher letter = CHOICE.matcher(answer);
    return letter.find() && letter.group(1).equals(gold) ? 1 : 0;
  }

  /** Harmonic mean of precision and recall, each element counted as often as it stands there. */
  static <T> double f1(List<T> answer, List<T> gold) {
    Map<T, Long> left = counts(gold);
    long same = 0;
    for (Map.Entry<T, Long> said : counts(answer).entrySet()) {
      same += Math.min(said.getValue(), left.getOrDefault(said.getKey(), 0L));
    }
    if (same == 0) {
      return 0;
    }
    double precision = (double) same / answer.size();
    double recall = (double) same / gold.size();
    return 2 * precision * recall / (precision + recall);
  }

  private static <T> Map<T, Long> counts(List<T> elements) {
    Stream<T> all = elements.stream();
    return all.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }
}
