package io.kvasir.kv;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The names a user may have meant. */
public final class Nearest {
  private static final int MOST = 3;
  private static final int LONGEST = 40;

  private Nearest() {}

  /**
   * Up to three of {@code known} that are a few edits from {@code written}, best first, any case.
   */
  public static List<String> to(String written, Collection<String> known) {
    if (written.length() > LONGEST) {
      return List.of();
    }
    String name = written.toLowerCase(Locale.ROOT);
    int limit = 1 + Math.min(name.length(), 12) / 3;
    return known.stream()
        .filter(candidate -> edits(name, candidate) <= limit)
        .sorted(
            Comparator.comparingInt((String candidate) -> edits(name, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST)
        .toList();
  }

  /** Insertions, deletions and replacements between two names; an abbreviation costs one. */
  private static int edits(String a, String known) {
    String b = known.toLowerCase(Locale.ROOT);
    if (a.length() >= 3 && b.startsWith(a)) {
      return Math.min(1, b.length() - a.length());
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
