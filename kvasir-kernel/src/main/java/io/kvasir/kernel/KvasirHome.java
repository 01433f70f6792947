package io.kvasir.kernel;

import java.nio.file.Path;
import java.util.Map;

/**
 * The folder where Kvasir keeps what it fetched or unpacked: {@code KVASIR_HOME}, by default {@code
 * ~/.cache/kvasir}.
 */
public final class KvasirHome {
  private KvasirHome() {}

  /**
   * The folder, which need not exist. An empty value counts as unset, and a tilde at its start is
   * the user's home.
   *
   * @param environment variables of a process
   */
  public static Path of(Map<String, String> environment, Path userHome) {
    String value = environment.getOrDefault("KVASIR_HOME", "").strip();
    if (value.isEmpty()) {
      return userHome.resolve(".cache").resolve("kvasir");
    }
    boolean below = value.equals("~") || value.startsWith("~/");
    return Path.of(below ? userHome + value.substring(1) : value).toAbsolutePath().normalize();
  }

  /** The folder of this process. */
  static Path here() {
    return of(System.getenv(), Path.of(System.getProperty("user.home")));
  }
}
