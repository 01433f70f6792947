package io.kvasir.engine.fit;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory that this process may still take.
 *
 * <p>On Linux that is what the kernel calls available, or what is left of a control group's limit
 * if that is less. Other systems do not say what is available; there the installed memory is a
 * bound. Where the environment variable {@code KVASIR_MEMORY} is set, such as {@code 4GB}, it says
 * what the whole process may hold, and nothing else is asked.
 *
 * @param bytes without swapping
 * @param swap bytes that could be had in addition, slowly
 * @param source where {@code bytes} comes from, to follow "4 GB are"
 */
public record MachineMemory(long bytes, long swap, String source) {
  /** The environment variable. */
  public static final String SETTING = "KVASIR_MEMORY";

  /** What there is now. */
  public static MachineMemory now() {
    return of(System.getenv(), Path.of("/"), ProcessMemory.now());
  }

  /**
   * What there is now for a process that may hold {@code limit} bytes.
   *
   * @param setting that says so, for sentences
   */
  public static MachineMemory within(long limit, String setting) {
    return within(limit, setting, ProcessMemory.now());
  }

  static MachineMemory of(
      Map<String, String> environment, Path root, Optional<ProcessMemory> process) {
    String set = environment.getOrDefault(SETTING, "");
    if (!set.isBlank()) {
      return within(ByteSize.parse(SETTING, set), SETTING, process);
    }
    MachineMemory machine = machine(root);
    OptionalLong left = ControlGroup.left(root);
    return left.isPresent() && left.getAsLong() < machine.bytes
        ? new MachineMemory(left.getAsLong(), 0, "left of this container's limit")
        : machine;
  }

  /** The most that can be had: a need beyond it cannot be met. */
  public long most() {
    return bytes + swap;
  }

  /** Mapped files do not count: their pages can be dropped at any time. */
  private static MachineMemory within(long limit, String setting, Optional<ProcessMemory> process) {
    long held = process.map(ProcessMemory::anonymous).orElse(0L);
    return new MachineMemory(
        Math.max(0, limit - held), 0, "left of %s=%s".formatted(setting, ByteSize.text(limit)));
  }

  private static MachineMemory machine(Path root) {
    try {
      Map<String, Long> sizes = KernelFile.sizes(Files.readString(root.resolve("proc/meminfo")));
      Long available = sizes.get("MemAvailable");
      if (available != null) {
        return new MachineMemory(
            available, sizes.getOrDefault("SwapFree", 0L), "available on this machine");
      }
    } catch (IOException e) {
      // not Linux: asked below
    }
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new MachineMemory(
        system.getTotalMemorySize(), system.getTotalSwapSpaceSize(), "installed in this machine");
  }
}
