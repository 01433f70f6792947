package io.kvasir.eval.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Compares two files of results, value by value and bit by bit.
 *
 * <p>Rows meet by their key without {@code run_id} and {@code build}, which name who measured and
 * not what; where a file has a row of several runs or builds, the newest run's counts. So two
 * sweeps of one plan file, one of them killed and resumed, differ in {@code run}, {@code env} and
 * {@code cost} alone, and those of two commits in what the second one changed.
 */
public final class Diff {
  private static final int EXAMPLES = 3;

  private Diff() {}

  /**
   * @return for each table one
   * @throws io.kvasir.eval.InputException when a file cannot be read as results
   */
  public static List<TableDiff> of(Path a, Path b) {
    Results.read(a).close(); // says what is wrong with which
    Results.read(b).close();
    try (Connection connection = Database.inMemory();
        Statement statement = connection.createStatement()) {
      statement.execute("ATTACH '%s' AS a (READ_ONLY)".formatted(a.toString().replace("'", "''")));
      statement.execute("ATTACH '%s' AS b (READ_ONLY)".formatted(b.toString().replace("'", "''")));
      List<TableDiff> diffs = new ArrayList<>();
      for (Table<?> table : Table.ALL) {
        diffs.add(of(table, statement));
      }
      return diffs;
    } catch (SQLException e) {
      throw Database.failed(a, e);
    }
  }

  private static TableDiff of(Table<?> table, Statement statement) throws SQLException {
    List<Column> identity = identity(table);
    List<Column> values =
        table.columns().stream()
            .filter(c -> !identity.contains(c) && !namesWhoMeasured(table, c))
            .toList();
    statement.execute(
        """
        CREATE OR REPLACE TEMP TABLE pairs AS
        SELECT * FROM (SELECT %1$s, struct_pack(%2$s) AS a FROM (%3$s))
        FULL JOIN (SELECT %1$s, struct_pack(%2$s) AS b FROM (%4$s)) USING (%1$s)"""
            .formatted(
                Table.list(identity, Column::quoted),
                Table.list(values, c -> c.quoted() + " := " + c.quoted()),
                newest(table, "a"),
                newest(table, "b")));
    Map<String, Long> columns = new LinkedHashMap<>();
    for (Column column : values) {
      long count = count(statement, differs(column));
      if (count > 0) {
        columns.put(column.name(), count);
      }
    }
    String anywhere =
        values.stream().map(Diff::differs).collect(Collectors.joining(" OR ", "(", ")"));
    return new TableDiff(
        table.name(),
        count(statement, "b IS NULL"),
        count(statement, "a IS NULL"),
        count(statement, anywhere),
        columns,
        examples(statement, identity, values));
  }

  private static List<Column> identity(Table<?> table) {
    List<Column> keys = table.keys();
    return keys.size() == 1
        ? keys
        : keys.stream().filter(column -> !namesWhoMeasured(table, column)).toList();
  }

  private static boolean namesWhoMeasured(Table<?> table, Column column) {
    return table.keys().size() > 1
        && (column.name().equals("run_id") || column.name().equals("build"));
  }

  /** Of rows with the same identity that of the newest run. */
  private static String newest(Table<?> table, String catalog) {
    String from = "%s.main.%s".formatted(catalog, table.quoted());
    List<String> keys = table.keys().stream().map(Column::name).toList();
    String by = keys.contains("build") ? "build" : "run_id";
    if (keys.size() == 1 || !keys.contains(by)) {
      return "FROM " + from;
    }
    return """
        SELECT t.* FROM %s t LEFT JOIN
          (SELECT %2$s, max(started) AS started FROM %3$s.main."run" GROUP BY %2$s) USING (%2$s)
        QUALIFY row_number() OVER (PARTITION BY %4$s ORDER BY started DESC NULLS LAST, %2$s) = 1"""
        .formatted(from, by, catalog, Table.list(identity(table), c -> "t." + c.quoted()));
  }

  /** NaN equals NaN, and null null. */
  private static String differs(Column column) {
    return "(a IS NOT NULL AND b IS NOT NULL AND a.%1$s IS DISTINCT FROM b.%1$s)"
        .formatted(column.quoted());
  }

  private static long count(Statement statement, String where) throws SQLException {
    try (ResultSet found = statement.executeQuery("SELECT count(*) FROM pairs WHERE " + where)) {
      found.next();
      return found.getLong(1);
    }
  }

  private static List<String> examples(
      Statement statement, List<Column> identity, List<Column> values) throws SQLException {
    List<String> examples = new ArrayList<>();
    for (Column column : values) {
      try (ResultSet found =
          statement.executeQuery(
              "SELECT concat_ws(' ', %1$s), a.%2$s, b.%2$s FROM pairs WHERE %3$s ORDER BY %1$s LIMIT %4$d"
                  .formatted(
                      Table.list(identity, Column::quoted),
                      column.quoted(),
                      differs(column),
                      EXAMPLES - examples.size()))) {
        while (found.next()) {
          examples.add(
              "%s: %s %s -> %s"
                  .formatted(
                      found.getString(1), column.name(), found.getString(2), found.getString(3)));
        }
      }
    }
    return examples;
  }
}
