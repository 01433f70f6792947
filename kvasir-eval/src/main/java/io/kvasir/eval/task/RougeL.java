package io.kvasir.eval.task;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * ROUGE-L of a summary: the longest common subsequences of each gold sentence with all sentences of
 * the answer, united, over the words of either side.
 *
 * <p>Source: Lin 2004, "ROUGE: a package for automatic evaluation of summaries", section 3.2; the
 * numbers are those of the Python package rouge 1.0.1 (pltrdy/rouge), which LongBench calls. There
 * words count once each however often they stand, a sentence ends at every full stop, and words
 * that one gold sentence has found do not count for the next.
 */
final class RougeL {
  private static final double NO_ZERO_DIVISION = 1e-8; // the package's own

  private RougeL() {}

  /** In [0, 1); 0 when either side has no sentence. */
  static double f(String answer, String gold) {
    List<List<String>> said = sentences(answer);
    List<List<String>> wanted = sentences(gold);
    if (said.isEmpty() || wanted.isEmpty()) {
      return 0;
    }
    Set<String> common = new HashSet<>();
    for (List<String> sentence : wanted) {
      for (List<String> other : said) {
        addCommon(sentence, other, common);
      }
    }
    double recall = (double) common.size() / words(wanted);
    double precision = (double) common.size() / words(said);
    return 2 * precision * recall / (precision + recall + NO_ZERO_DIVISION);
  }

  private static List<List<String>> sentences(String text) {
    return Arrays.stream(text.split("\\."))
        .filter(sentence -> !sentence.isEmpty())
        .map(sentence -> List.of(sentence.strip().split("\\s+")))
        .toList();
  }

  private static long words(List<List<String>> sentences) {
    return sentences.stream().flatMap(List::stream).collect(Collectors.toSet()).size();
  }

  /** Walks one longest common subsequence back from its end; of two ways the one back in b. */
  private static void addCommon(List<String> a, List<String> b, Set<String> common) {
    int[][] length = new int[a.size() + 1][b.size() + 1];
    for (int i = 1; i <= a.size(); i++) {
      for (int j = 1; j <= b.size(); j++) {
        length[i][j] =
            a.get(i - 1).equals(b.get(j - 1))
                ? length[i - 1][j - 1] + 1
                : Math.max(length[i - 1][j], length[i][j - 1]);
      }
    }
    int i = a.size();
    int j = b.size();
    while (i > 0 && j > 0) {
      if (a.get(i - 1).equals(b.get(j - 1))) {
        common.add(a.get(i - 1));
        i--;
        j--;
      } else if (length[i - 1][j] > length[i][j - 1]) {
        i--;
      } else {
        j--;
      }
    }
  }
}
