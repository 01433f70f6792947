package io.kvasir.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the real models of tests: {@code models/NAME.gguf} under {@code KVASIR_HOME}, else under
 * {@code ~/.cache/kvasir}. A test that needs one is skipped, and counted as such, where it is
 * absent.
 */
public final class Models {
  private Models() {}

  public static Path require(String name) {
    String set = System.getenv("KVASIR_HOME");
    Path home =
        set == null ? Path.of(System.getProperty("user.home"), ".cache", "kvasir") : Path.of(set);
    Path found = home.resolve("models").resolve(name + ".gguf");
    assumeTrue(Files.isRegularFile(found), () -> "no model at " + found);
    return found;
  }
}
