package io.kvasir.eval.store;

import io.kvasir.eval.InputException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of all results, {@code results.duckdb}: a table for each record of {@link Row}, and
 * nothing else. The version of the schema is the comment of table {@code run}.
 *
 * <p>There is one writer or any number of readers. What {@code put} has returned from survives the
 * death of the process and of the machine; a {@code put} that throws has changed nothing, and the
 * file holds all that was there before, also when the disk is full. Not thread-safe.
 */
public final class Results implements AutoCloseable {
  /** Raised with every new table; newer files are refused, older ones get what they lack. */
  static final int VERSION = 2;

  /** Rows of one statement: most of what one costs does not depend on them. */
  private static final int ROWS_AT_ONCE = 64;

  private static final Pattern COMMENT = Pattern.compile("kvasir results ([0-9]{1,9})");

  private static final String CELL =
      "build = ? AND model_sha = ? AND plan_sha = ? AND protocol = ? AND prefill = ?";

  private final Path file;
  private final Connection connection;

  private Results(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /**
   * Opens the file to write, or makes it.
   *
   * @throws InputException when somebody else has it open, when its schema is newer, or when it
   *     holds something else
   * @throws java.io.UncheckedIOException when it cannot be made
   */
  public static Results open(Path file) {
    Results results = new Results(file, Database.write(file));
    results.orClose(
        () -> {
          boolean empty = results.count("SELECT count(*) FROM duckdb_tables()") == 0;
          if (empty || results.requireSchema() < VERSION) {
            results.inTransaction(results::create);
          }
        });
    return results;
  }

  /**
   * Opens the file to read; an older one is brought up to date first.
   *
   * @throws InputException when there is none, and as {@link #open}
   */
  public static Results read(Path file) {
    Results results = new Results(file, Database.read(file));
    boolean[] old = {false};
    results.orClose(() -> old[0] = results.requireSchema() < VERSION);
    if (old[0]) {
      results.close();
      open(file).close();
      return read(file);
    }
    return results;
  }

  private void orClose(Work work) {
    try {
      work.run();
    } catch (SQLException e) {
      close();
      throw Database.failed(file, e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void create() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (Table<?> table : Table.ALL) {
        statement.execute(table.create());
      }
      statement.execute("COMMENT ON TABLE \"run\" IS 'kvasir results %d'".formatted(VERSION));
    }
  }

  /** The version of the schema. */
  private int requireSchema() throws SQLException {
    int found =
        schema(connection, "")
            .orElseThrow(
                () ->
                    new InputException(
                        file
                            + " is a DuckDB database, but not one of results; expected a results.duckdb"));
    if (found > VERSION) {
      throw new InputException(
          "%s has schema %d, this Kvasir knows up to %d; use a newer Kvasir"
              .formatted(file, found, VERSION));
    }
    return found;
  }

  /** Writes a row, in place of one with the same key. */
  public void put(Row row) {
    putAll(List.of(row));
  }

  /** Writes rows in one transaction, each in place of one with the same key. */
  public void putAll(List<? extends Row> rows) {
    Map<Class<?>, List<Row>> byTable = new LinkedHashMap<>();
    rows.forEach(row -> byTable.computeIfAbsent(row.getClass(), t -> new ArrayList<>()).add(row));
    inTransaction(
        () -> {
          for (List<Row> some : byTable.values()) {
            insertAll(some, "REPLACE");
          }
        });
  }

  /**
   * Writes a cell in one transaction, in place of what was known of its items before. An item that
   * is there already stays as it is.
   */
  public void put(Cell cell) {
    inTransaction(
        () -> {
          delete("answer", cell);
          delete("divergence", cell);
          delete("kept", cell);
          delete("fate", cell);
          insertAll(cell.items(), "IGNORE");
          insertAll(cell.answers(), "REPLACE");
          insertAll(cell.divergences(), "REPLACE");
          insertAll(cell.kept(), "REPLACE");
          insertAll(cell.fates(), "REPLACE");
        });
  }

  private void delete(String table, Cell cell) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM %s WHERE %s AND item_sha = ?".formatted(table, CELL))) {
      int at = bind(delete, 1, cell.key());
      for (ItemRow item : cell.items()) {
        delete.setString(at, item.itemSha());
        delete.execute();
      }
    }
  }

  private <R extends Row> void insertAll(List<R> rows, String clash) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    Table<R> table = Table.of(rows.getFirst());
    List<R> distinct = table.lastOfEachKey(rows); // a statement may write a key once
    for (int from = 0, to; from < distinct.size(); from = to) {
      to = Math.min(distinct.size(), from + ROWS_AT_ONCE);
      insert(table, distinct.subList(from, to), clash);
    }
  }

  private <R extends Row> void insert(Table<R> table, List<R> rows, String clash)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(table.insert(clash, rows.size()))) {
      for (int r = 0; r < rows.size(); r++) {
        table.bind(insert, r, rows.get(r));
      }
      insert.execute();
    }
  }

  /** The items that a cell has results of; one whose answer is an error is not among them. */
  public Set<String> done(Cell.Key key) {
    String sql =
        """
        (SELECT item_sha FROM answer WHERE %1$s UNION SELECT item_sha FROM divergence WHERE %1$s)
        EXCEPT SELECT item_sha FROM answer WHERE %1$s AND error IS NOT NULL"""
            .formatted(CELL);
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      bind(select, bind(select, bind(select, 1, key), key), key);
      Set<String> items = new HashSet<>();
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          items.add(found.getString(1));
        }
      }
      return items;
    } catch (SQLException e) {
      throw Database.failed(file, e);
    }
  }

  /** All rows of a table, in the order of its key. */
  public <R extends Row> List<R> rows(Class<R> type) {
    Table<R> table = Table.of(type);
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(table.select())) {
      return table.read(found);
    } catch (SQLException e) {
      throw Database.failed(file, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw Database.failed(file, e);
    }
  }

  /**
   * The version of a database's schema; nothing when it is not one of results.
   *
   * @param catalog its name; empty: the one that was opened
   */
  static Optional<Integer> schema(Connection connection, String catalog) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT comment FROM duckdb_tables() WHERE table_name = 'run'"
                + " AND (? = '' OR database_name = ?)")) {
      select.setString(1, catalog);
      select.setString(2, catalog);
      try (ResultSet found = select.executeQuery()) {
        String comment = found.next() ? found.getString(1) : null;
        Matcher form = COMMENT.matcher(comment == null ? "" : comment);
        return form.matches() ? Optional.of(Integer.parseInt(form.group(1))) : Optional.empty();
      }
    }
  }

  private static int bind(PreparedStatement statement, int at, Cell.Key key) throws SQLException {
    statement.setString(at, key.build());
    statement.setString(at + 1, key.modelSha());
    statement.setString(at + 2, key.planSha());
    statement.setString(at + 3, key.protocol());
    statement.setString(at + 4, key.prefill());
    return at + 5;
  }

  private long count(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      found.next();
      return found.getLong(1);
    }
  }

  /** All or nothing. */
  private void inTransaction(Work work) {
    try {
      connection.setAutoCommit(false);
      work.run();
      connection.commit();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      rollBack(e);
      throw Database.failed(file, e);
    } catch (RuntimeException e) {
      rollBack(e);
      throw e;
    }
  }

  /** Where a commit failed there may be nothing left to roll back, which is no news. */
  private void rollBack(Exception reason) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws SQLException;
  }
}
