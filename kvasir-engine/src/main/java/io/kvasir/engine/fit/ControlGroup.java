package io.kvasir.engine.fit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is left of the memory limits of the control groups this process is in, of version 1 or 2,
 * from its own group up to the root: the way in which containers and services are limited.
 *
 * <p>A process in a container may see the host's name of its group, which is no folder there. The
 * mounted root is then the container's own group, and it is looked at in any case.
 *
 * @param limit names of its files: the limit,
 * @param usage what is used, the page cache included,
 * @param cache and the lines of memory.stat which say how much of that can be taken back
 */
record ControlGroup(String limit, String usage, List<String> cache) {
  private static final ControlGroup V1 =
      new ControlGroup(
          "memory.limit_in_bytes",
          "memory.usage_in_bytes",
          List.of("total_inactive_file", "total_active_file"));
  private static final ControlGroup V2 =
      new ControlGroup("memory.max", "memory.current", List.of("inactive_file", "active_file"));

  /** Version 1 writes "no limit" as a number near 2^63. */
  private static final long NO_LIMIT = 1L << 60;

  /**
   * Bytes left of the tightest limit; empty without one.
   *
   * @param root the file system's
   */
  static OptionalLong left(Path root) {
    List<Long> left = new ArrayList<>();
    Path mounts = root.resolve("sys/fs/cgroup");
    try {
      for (String line : Files.readAllLines(root.resolve("proc/self/cgroup"))) {
        String[] parts = line.split(":", 3); // number:controllers:/path
        if (parts.length == 3 && parts[1].isEmpty()) {
          V2.addLeft(mounts, parts[2], left);
        } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
          V1.addLeft(mounts.resolve("memory"), parts[2], left);
        }
      }
    } catch (IOException e) {
      return OptionalLong.empty(); // a system without control groups
    }
    return left.stream().mapToLong(Long::longValue).min();
  }

  private void addLeft(Path mount, String path, List<Long> left) {
    Path group = mount.resolve(path.replaceFirst("^/+", "")).normalize();
    while (group.startsWith(mount)) {
      OptionalLong most = KernelFile.number(group.resolve(limit));
      if (most.isPresent() && most.getAsLong() < NO_LIMIT) {
        left.add(Math.max(0, most.getAsLong() - used(group)));
      }
      group = group.resolve("..").normalize();
    }
  }

  private long used(Path group) {
    long bytes = KernelFile.number(group.resolve(usage)).orElse(0);
    try {
      var stat = KernelFile.sizes(Files.readString(group.resolve("memory.stat")));
      for (String line : cache) {
        bytes -= stat.getOrDefault(line, 0L);
      }
    } catch (IOException e) {
      return bytes;
    }
    return Math.max(0, bytes);
  }
}
