package io.kvasir.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvasir.engine.hub.HubException;
import io.kvasir.engine.hub.ModelStore;
import io.kvasir.engine.hub.PullProgress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the real models of tests in the user's store, and pulls them when they are absent. A test
 * that needs one is skipped, and counted as such, only where no route to it works.
 */
public final class Models {
  private static final Map<String, Optional<Path>> FOUND = new ConcurrentHashMap<>();

  private Models() {}

  /** The file of a known model; the calling test is skipped when it cannot be had. */
  public static Path require(String name) {
    Optional<Path> found = FOUND.computeIfAbsent(name, Models::pull);
    assumeTrue(found.isPresent(), () -> "no model " + name + ", and no way to pull it");
    return found.orElseThrow();
  }

  private static Optional<Path> pull(String name) {
    try {
      return Optional.of(ModelStore.ofEnvironment().pull(name, PullProgress.NONE));
    } catch (HubException e) {
      System.err.println(e.getMessage());
      return Optional.empty();
    }
  }
}
