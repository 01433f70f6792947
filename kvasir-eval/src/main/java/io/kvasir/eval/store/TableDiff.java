package io.kvasir.eval.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one table of two files of results differs.
 *
 * @param table its name
 * @param onlyA rows that the first file has alone
 * @param onlyB rows that the second file has alone
 * @param differing rows of both whose values differ
 * @param columns in how many of those each column does; those that never do are left out
 * @param examples a few of them: key, column, both values
 */
public record TableDiff(
    String table,
    long onlyA,
    long onlyB,
    long differing,
    Map<String, Long> columns,
    List<String> examples) {

  public TableDiff {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    examples = List.copyOf(examples);
  }

  public boolean same() {
    return onlyA == 0 && onlyB == 0 && differing == 0;
  }

  /** Whether it tells what was found; {@code run}, {@code env} and {@code cost} are of one day. */
  public boolean isResult() {
    return !table.equals("run") && !table.equals("env") && !table.equals("cost");
  }
}
