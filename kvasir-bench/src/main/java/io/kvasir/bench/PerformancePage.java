package io.kvasir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes {@code docs/performance.md} and its chart: the template's sentences, and tables of the
 * result files where it says {@code ${name}}.
 */
public final class PerformancePage {
  private static final Pattern PLACE = Pattern.compile("\\$\\{([a-z]+)}");

  private PerformancePage() {}

  /**
   * @param arguments template, folder of results, page to write, chart to write
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 4) {
      throw new IllegalArgumentException(
          "expected TEMPLATE RESULTS PAGE CHART, got " + String.join(" ", arguments));
    }
    List<Result> results = Result.all(Path.of(arguments[1]));
    String page = fill(Files.readString(Path.of(arguments[0])), tables(results));
    Files.writeString(Path.of(arguments[2]), page);
    List<Result> growth = kind(results, "growth");
    if (!growth.isEmpty()) {
      new Growth(growth).draw(Path.of(arguments[3]));
    }
  }

  static Map<String, String> tables(List<Result> results) {
    PeerTables peers = new PeerTables(kind(results, "peers"));
    Growth growth = new Growth(kind(results, "growth"));
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put("speeds", peers.speeds());
    tables.put("vectors", new PeerTables(kind(results, "vectors")).speeds());
    tables.put("plans", peers.plans());
    tables.put("resident", peers.resident());
    tables.put("start", SmallTables.start(kind(results, "start")));
    tables.put("neighbour", SmallTables.neighbour(kind(results, "spin"), kind(results, "peers")));
    tables.put("rounding", SmallTables.rounding(kind(results, "kl")));
    tables.put("growth", growth.table());
    tables.put("fits", growth.fits());
    tables.put("batches", SmallTables.batches(kind(results, "batch")));
    tables.put("limits", SmallTables.limits(kind(results, "limits")));
    tables.put("memory", SmallTables.memory(kind(results, "memory")));
    tables.put("machines", distinct(results, "machine"));
    tables.put("commits", distinct(results, "build_commit"));
    return tables;
  }

  /**
   * @throws IllegalArgumentException the template names a table that is not made
   */
  static String fill(String template, Map<String, String> tables) {
    return PLACE
        .matcher(template)
        .replaceAll(
            place -> {
              String table = tables.get(place.group(1));
              if (table == null) {
                throw new IllegalArgumentException(
                    "the template has ${%s}; there are %s"
                        .formatted(place.group(1), tables.keySet()));
              }
              return Matcher.quoteReplacement(table);
            });
  }

  private static List<Result> kind(List<Result> results, String kind) {
    return results.stream().filter(result -> result.kind().equals(kind)).toList();
  }

  /** All values of a field of ours. */
  private static String distinct(List<Result> results, String field) {
    TreeSet<String> values = new TreeSet<>();
    for (Result result : results) {
      if (result.isKvasir() && !result.text(field).isEmpty()) {
        values.add(result.text(field));
      }
    }
    return values.isEmpty() ? "unknown" : String.join("; ", values);
  }
}
