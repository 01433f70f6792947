package io.kvasir.eval.store;

import io.kvasir.eval.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBDriver;

/** How DuckDB is opened, and its refusals in our words. */
final class Database {
  private static final Pattern HOLDER = Pattern.compile("\\(PID ([0-9]+)\\)");

  private Database() {}

  /** For one writer: nobody else has the file open, in no process. */
  static Connection write(Path file) {
    Properties settings = settings();
    settings.setProperty("custom_user_agent", UUID.randomUUID().toString()); // shared with nobody
    return connect(file, settings);
  }

  /** For any number of readers, while nobody writes. */
  static Connection read(Path file) {
    if (!Files.exists(file)) {
      throw new InputException(file + " does not exist; expected a results.duckdb");
    }
    Properties settings = settings();
    settings.setProperty("duckdb.read_only", "true");
    return connect(file, settings);
  }

  /** Nothing but memory: a place to attach files to. */
  static Connection inMemory() {
    return connect(Path.of(":memory:"), settings());
  }

  /** One thread and little memory, because a measurement runs beside; and nothing is fetched. */
  private static Properties settings() {
    Properties settings = new Properties();
    settings.setProperty("threads", "1");
    settings.setProperty("memory_limit", "512MB");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    return settings;
  }

  private static Connection connect(Path file, Properties settings) {
    try {
      return new DuckDBDriver().connect("jdbc:duckdb:" + file, settings);
    } catch (SQLException e) {
      throw refused(file, e);
    } catch (ExceptionInInitializerError e) { // no space there, or no permission
      throw failed(
          "DuckDB cannot unpack its library into %s: %s"
              .formatted(System.getProperty("java.io.tmpdir"), e.getCause()),
          e);
    }
  }

  private static RuntimeException refused(Path file, SQLException e) {
    String message = firstLine(e);
    if (message.contains("lock on file")) {
      Matcher holder = HOLDER.matcher(message);
      return new InputException(
          "%s is in use by %s; wait until that ends, or take another file"
              .formatted(file, holder.find() ? "process " + holder.group(1) : "another process"));
    }
    if (message.contains("different configuration")) {
      return new InputException(
          file + " is in use by this process already; close it first, or take another file");
    }
    if (message.contains("not a valid DuckDB database")) {
      return new InputException(file + " is no DuckDB database; expected a results.duckdb");
    }
    if (message.contains("database file with version number")) {
      return new InputException(
          file + " was written by a newer DuckDB; expected one that a newer Kvasir can read");
    }
    if (message.contains("Corrupt") || message.contains("checksum")) {
      return new InputException("%s is damaged: %s".formatted(file, message));
    }
    return failed("%s cannot be opened: %s".formatted(file, message), e);
  }

  /** A statement failed: a full disk, most likely. */
  static UncheckedIOException failed(Path file, SQLException e) {
    return failed("%s: %s".formatted(file, firstLine(e)), e);
  }

  private static UncheckedIOException failed(String sentence, Throwable cause) {
    return new UncheckedIOException(sentence, new IOException(sentence, cause));
  }

  /** DuckDB's reason without what follows for people who typed SQL. */
  private static String firstLine(SQLException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse("").replaceAll("\\. See also http.*", "");
  }
}
