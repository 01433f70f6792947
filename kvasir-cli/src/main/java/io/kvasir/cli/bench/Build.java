package io.kvasir.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** From which commit this program was built; the build writes it beside this class. */
public final class Build {
  private static final String FILE = "git.properties";

  private Build() {}

  /**
   * {@code 1a2b3c4}, with {@code -dirty} where files had changed since; {@code unknown} when it was
   * built outside a repository.
   */
  static String commit() {
    return commit(properties());
  }

  /** {@code 1a2b3c4}; {@code unknown} when it was built outside a repository. */
  public static String hash() {
    String hash = properties().getProperty("git.commit.id.abbrev", "");
    return hash.isEmpty() ? "unknown" : hash;
  }

  /** Whether files had changed since that commit. */
  public static boolean isDirty() {
    return properties().getProperty("git.dirty", "").equals("true");
  }

  private static Properties properties() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream(FILE)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FILE + " of this program", e);
    }
    return properties;
  }

  static String commit(Properties properties) {
    String commit = properties.getProperty("git.commit.id.abbrev", "");
    boolean dirty = properties.getProperty("git.dirty", "").equals("true");
    return commit.isEmpty() ? "unknown" : commit + (dirty ? "-dirty" : "");
  }
}
