package io.kvasir.eval.store;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A component of a row as a column.
 *
 * @param name in snake case
 * @param declared type of the component
 * @param type the same without {@code Optional}; of a list that of its elements
 */
record Column(String name, Class<?> declared, Class<?> type, boolean key) {
  static Column of(RecordComponent component) {
    Class<?> declared = component.getType();
    Class<?> type =
        declared == OptionalDouble.class
            ? double.class
            : declared == OptionalInt.class
                ? int.class
                : declared == Optional.class || declared == List.class
                    ? argument(component)
                    : declared;
    return new Column(
        snake(component.getName()), declared, type, component.isAnnotationPresent(Key.class));
  }

  private static Class<?> argument(RecordComponent component) {
    ParameterizedType generic = (ParameterizedType) component.getGenericType();
    return (Class<?>) generic.getActualTypeArguments()[0];
  }

  private boolean isList() {
    return declared == List.class;
  }

  /** {@code klP99} is {@code kl_p99}. */
  static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** Names such as {@code text} and {@code load} are words of SQL, so all are quoted. */
  String quoted() {
    return '"' + name + '"';
  }

  String definition() {
    return quoted() + " " + sqlType() + (declared == type || isList() ? " NOT NULL" : "");
  }

  private String sqlType() {
    return elementType() + (isList() ? "[]" : "");
  }

  private String elementType() {
    return switch (type.getSimpleName()) {
      case "String" -> "VARCHAR";
      case "int", "Integer" -> "INTEGER";
      case "long" -> "BIGINT";
      case "double" -> "DOUBLE";
      case "boolean", "Boolean" -> "BOOLEAN";
      case "Instant" -> "TIMESTAMP"; // of UTC
      default -> throw new AssertionError("no column is a " + type);
    };
  }

  /** Sets a parameter to a component's value. */
  void bind(PreparedStatement statement, int at, Object value) throws SQLException {
    switch (value) {
      case OptionalDouble may when may.isPresent() -> bind(statement, at, may.getAsDouble());
      case OptionalInt may when may.isPresent() -> bind(statement, at, may.getAsInt());
      case Optional<?> may when may.isPresent() -> bind(statement, at, may.get());
      case OptionalDouble none -> statement.setNull(at, Types.DOUBLE);
      case OptionalInt none -> statement.setNull(at, Types.INTEGER);
      case Optional<?> none -> statement.setNull(at, Types.VARCHAR);
      case Instant time -> statement.setObject(at, LocalDateTime.ofInstant(time, ZoneOffset.UTC));
      case List<?> elements ->
          statement.setArray(
              at, statement.getConnection().createArrayOf(elementType(), elements.toArray()));
      default -> statement.setObject(at, value);
    }
  }

  /** The component's value in the current row. */
  Object read(ResultSet rows, int at) throws SQLException {
    Object value = rows.getObject(at);
    if (declared == OptionalDouble.class) {
      return value == null ? OptionalDouble.empty() : OptionalDouble.of((Double) value);
    }
    if (declared == OptionalInt.class) {
      return value == null ? OptionalInt.empty() : OptionalInt.of((Integer) value);
    }
    return declared == Optional.class ? Optional.ofNullable(value) : plain(rows, at, value);
  }

  private Object plain(ResultSet rows, int at, @Nullable Object value) throws SQLException {
    if (value == null) {
      throw new AssertionError("column %s is NOT NULL".formatted(name));
    }
    if (type == Instant.class) {
      return rows.getObject(at, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }
    return isList() ? List.of((Object[]) rows.getArray(at).getArray()) : value;
  }
}
