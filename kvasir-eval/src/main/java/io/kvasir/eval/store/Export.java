package io.kvasir.eval.store;

import io.kvasir.eval.InputException;
import io.kvasir.kv.Quote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Results for other programs. Rows are sorted by key, so equal results give equal files; a file is
 * replaced whole or not at all.
 */
public final class Export {
  /** What a table is written as. */
  public enum Format {
    /** One file a table, compressed with zstd. */
    PARQUET("(FORMAT parquet, COMPRESSION zstd)"),
    /** One file a table, with a header; lists as {@code [a, b]}. */
    CSV("(FORMAT csv, HEADER true)"),
    /** One array of objects a table; numbers that are not finite are null. */
    JSON("(FORMAT json, ARRAY true)"),
    /** What lm-eval's harness writes, a folder for each cell ({@link LmEval}). */
    LM_EVAL("");

    private final String options;

    Format(String options) {
      this.options = options;
    }

    /** {@code parquet}, {@code csv}, {@code json} or {@code lm-eval}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * @throws InputException when no format is called that
     */
    public static Format parse(String text) {
      for (Format format : values()) {
        if (format.toString().equals(text)) {
          return format;
        }
      }
      throw new InputException(
          "unknown format %s; expected parquet, csv, json or lm-eval".formatted(Quote.of(text)));
    }
  }

  private Export() {}

  /**
   * Writes all tables.
   *
   * @param file a {@code results.duckdb}
   * @param folder made where it does not exist
   * @return the files written
   * @throws InputException when the file cannot be read as results
   */
  public static List<Path> write(Path file, Path folder, Format format) {
    try (Results results = Results.read(file)) {
      Files.createDirectories(folder);
      return format == Format.LM_EVAL
          ? LmEval.write(results, folder)
          : tables(file, folder, format);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> tables(Path file, Path folder, Format format) throws IOException {
    List<Path> written = new ArrayList<>();
    try (Connection connection = Database.read(file);
        Statement statement = connection.createStatement()) {
      for (Table<?> table : Table.ALL) {
        Path target = folder.resolve(table.name() + "." + format);
        Path part = part(target);
        try {
          statement.execute(
              "COPY (%s) TO '%s' %s"
                  .formatted(
                      select(table, format), part.toString().replace("'", "''"), format.options));
          Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
          Files.deleteIfExists(part);
        }
        written.add(target);
      }
    } catch (SQLException e) {
      throw Database.failed(folder, e);
    }
    return written;
  }

  private static String select(Table<?> table, Format format) {
    if (format != Format.JSON) {
      return table.select();
    }
    String columns =
        table.columns().stream()
            .map(
                column ->
                    column.type() == double.class
                        ? "CASE WHEN isfinite(%1$s) THEN %1$s END AS %1$s"
                            .formatted(column.quoted())
                        : column.quoted())
            .collect(Collectors.joining(", "));
    return "SELECT %s FROM %s ORDER BY %s"
        .formatted(columns, table.quoted(), Table.list(table.keys(), Column::quoted));
  }

  /** Where a file is written before it takes its name. */
  static Path part(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid());
  }
}
