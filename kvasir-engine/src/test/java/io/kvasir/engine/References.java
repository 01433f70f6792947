package io.kvasir.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the recorded outputs of other implementations: {@code KVASIR_REFERENCE}, else {@code
 * ../shared/reference} beside the project. A test that needs one is skipped, and counted as such,
 * where there is none.
 */
public final class References {
  private References() {}

  /** The project's root folder. */
  public static Path root() {
    return Path.of(System.getProperty("kvasir.root", ".")).toAbsolutePath().normalize();
  }

  /** A file or folder below the reference folder; the calling test is skipped when absent. */
  public static Path require(String name) {
    String set = System.getenv("KVASIR_REFERENCE");
    Path home = set == null ? root().resolve("../shared/reference") : Path.of(set);
    Path found = home.normalize().resolve(name);
    assumeTrue(Files.exists(found), () -> "no reference outputs at " + found);
    return found;
  }
}
