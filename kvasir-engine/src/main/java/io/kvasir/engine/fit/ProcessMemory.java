package io.kvasir.engine.fit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Memory that this process holds now, as the operating system counts it.
 *
 * @param resident bytes in memory, mapped files included (VmRSS)
 * @param anonymous bytes of them that no file backs: heap, weights, caches, code (RssAnon)
 * @param peak the most that was ever resident (VmHWM)
 */
public record ProcessMemory(long resident, long anonymous, long peak) {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** What the process holds now; empty where the system does not say, which is all but Linux. */
  public static Optional<ProcessMemory> now() {
    return read(STATUS);
  }

  static Optional<ProcessMemory> read(Path status) {
    try {
      Map<String, Long> sizes = KernelFile.sizes(Files.readString(status));
      return Optional.of(
          new ProcessMemory(
              sizes.getOrDefault("VmRSS", 0L),
              sizes.getOrDefault("RssAnon", sizes.getOrDefault("VmRSS", 0L)),
              sizes.getOrDefault("VmHWM", 0L)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
