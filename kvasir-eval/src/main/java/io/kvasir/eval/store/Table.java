package io.kvasir.eval.store;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A record of {@link Row} as a table of SQL. */
record Table<R extends Row>(Class<R> type, String name, List<Column> columns) {
  static final List<Table<?>> ALL = Row.TABLES.stream().<Table<?>>map(Table::of).toList();

  static <R extends Row> Table<R> of(Class<R> type) {
    String name = type.getSimpleName().replaceAll("Row$", "").toLowerCase(Locale.ROOT);
    return new Table<>(type, name, Stream.of(type.getRecordComponents()).map(Column::of).toList());
  }

  @SuppressWarnings("unchecked") // the table of a row's own class
  static <R extends Row> Table<R> of(R row) {
    return of((Class<R>) row.getClass());
  }

  String quoted() {
    return '"' + name + '"';
  }

  List<Column> keys() {
    return columns.stream().filter(Column::key).toList();
  }

  String create() {
    return "CREATE TABLE IF NOT EXISTS %s(%s, PRIMARY KEY(%s))"
        .formatted(quoted(), list(columns, Column::definition), list(keys(), Column::quoted));
  }

  /**
   * @param clash what happens to a row whose key is there: {@code REPLACE} or {@code IGNORE}
   * @param rows of one statement
   */
  String insert(String clash, int rows) {
    String row = "(" + list(columns, c -> "?") + ")";
    return "INSERT OR %s INTO %s VALUES %s"
        .formatted(clash, quoted(), String.join(", ", Collections.nCopies(rows, row)));
  }

  /** The rows, of those with the same key the last one alone. */
  List<R> lastOfEachKey(List<R> rows) {
    Map<List<Object>, R> last = new LinkedHashMap<>();
    for (R row : rows) {
      List<Object> key = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).key()) {
          key.add(value(row, i));
        }
      }
      last.put(key, row);
    }
    return List.copyOf(last.values());
  }

  String select() {
    return "SELECT %s FROM %s ORDER BY %s"
        .formatted(list(columns, Column::quoted), quoted(), list(keys(), Column::quoted));
  }

  static String list(List<Column> columns, Function<Column, String> text) {
    return columns.stream().map(text).collect(Collectors.joining(", "));
  }

  /** Binds a row, the {@code number}-th of a statement's. */
  void bind(PreparedStatement statement, int number, R row) throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).bind(statement, number * columns.size() + i + 1, value(row, i));
    }
  }

  private Object value(R row, int component) {
    try {
      return type.getRecordComponents()[component].getAccessor().invoke(row);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new AssertionError("rows are public records", e);
    }
  }

  /** All rows of a {@link #select()}. */
  List<R> read(ResultSet found) throws SQLException {
    Constructor<R> constructor = constructor();
    List<R> rows = new ArrayList<>();
    while (found.next()) {
      Object[] values = new Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = columns.get(i).read(found, i + 1);
      }
      try {
        rows.add(constructor.newInstance(values));
      } catch (ReflectiveOperationException e) {
        throw new AssertionError("rows are public records", e);
      }
    }
    return rows;
  }

  private Constructor<R> constructor() {
    try {
      return type.getConstructor(
          Stream.of(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new AssertionError("records have a canonical constructor", e);
    }
  }
}
