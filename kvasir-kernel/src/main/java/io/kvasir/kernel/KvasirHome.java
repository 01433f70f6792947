package io.kvasir.kernel;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The folder where Kvasir keeps what it fetched or unpacked: {@code KVASIR_HOME}, by default {@code
 * ~/.cache/kvasir}.
 */
public final class KvasirHome {
  private KvasirHome() {}

  /**
   * The folder, which need not exist.
   *
   * @param environment variables of a process
   */
  public static Path of(Map<String, String> environment, Path userHome) {
    return path(environment, "KVASIR_HOME", userHome)
        .orElse(userHome.resolve(".cache").resolve("kvasir"));
  }

  /**
   * The folder that a variable names. An empty value counts as unset, and a tilde at its start is
   * the user's home.
   */
  public static Optional<Path> path(Map<String, String> environment, String name, Path userHome) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .map(p -> p.equals("~") || p.startsWith("~/") ? userHome + p.substring(1) : p)
        .map(p -> Path.of(p).toAbsolutePath().normalize());
  }

  /** The folder of this process. */
  static Path here() {
    return of(System.getenv(), Path.of(System.getProperty("user.home")));
  }
}
