package io.kvasir.engine.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the files of Linux from a folder that stands for the root. */
class MachineMemoryTest {
  private static final String MIB = "1048576";

  @TempDir Path root;

  @BeforeEach
  void aMachineWithEightGigabytesFree() throws IOException {
    put(
        "proc/meminfo",
        """
        MemTotal:       16000000 kB
        MemFree:         1000000 kB
        MemAvailable:    8000000 kB
        SwapFree:        2000000 kB
        """);
  }

  @Test
  void availableMemoryCountsAndSwapIsKeptApart() {
    assertThat(memory())
        .isEqualTo(new MachineMemory(8192000000L, 2048000000L, "available on this machine"));
    assertThat(memory().most()).isEqualTo(10240000000L);
  }

  @Test
  void aLimitOfVersion2CountsWithoutThePageCache() throws IOException {
    put("proc/self/cgroup", "0::/a.slice/b.scope\n");
    put("sys/fs/cgroup/a.slice/b.scope/memory.max", "max\n");
    put("sys/fs/cgroup/a.slice/memory.max", "1000000000\n");
    put("sys/fs/cgroup/a.slice/memory.current", "700000000\n");
    put("sys/fs/cgroup/a.slice/memory.stat", "anon 5\ninactive_file 300000000\nactive_file 4\n");
    assertThat(memory())
        .isEqualTo(new MachineMemory(600000004, 0, "left of this container's limit"));
  }

  @Test
  void theTightestLimitOnTheWayUpCounts() throws IOException {
    put("proc/self/cgroup", "0::/a/b\n");
    put("sys/fs/cgroup/a/b/memory.max", "900\n");
    put("sys/fs/cgroup/a/b/memory.current", "100\n");
    put("sys/fs/cgroup/a/memory.max", "1000\n");
    put("sys/fs/cgroup/a/memory.current", "950\n");
    assertThat(memory().bytes()).isEqualTo(50);
  }

  @Test
  void aContainerThatSeesTheHostsNameOfItsGroupFindsItsOwn() throws IOException {
    put("proc/self/cgroup", "11:cpu:/docker/x\n4:hugetlb,memory:/docker/0123\n0::/docker/0123\n");
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", MIB);
    put("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000000");
    put("sys/fs/cgroup/memory/memory.stat", "total_inactive_file 100\ninactive_file 7\n");
    assertThat(memory().bytes()).isEqualTo(48676);
  }

  @Test
  void noLimitOfVersion1IsNone() throws IOException {
    put("proc/self/cgroup", "4:memory:/\n");
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(memory().bytes()).isEqualTo(8192000000L);
  }

  @Test
  void aPathThatClimbsOutIsNotFollowed() throws IOException {
    put("proc/self/cgroup", "0::/../../secret\n");
    put("sys/secret/memory.max", "1\n");
    assertThat(memory().bytes()).isEqualTo(8192000000L);
  }

  @Test
  void theSettingReplacesWhatTheSystemSays() {
    Optional<ProcessMemory> process = Optional.of(new ProcessMemory(900, 300, 1000));
    assertThat(MachineMemory.of(Map.of("KVASIR_MEMORY", "4kB"), root, process))
        .isEqualTo(new MachineMemory(3700, 0, "left of KVASIR_MEMORY=4.00 kB"));
    assertThat(MachineMemory.of(Map.of("KVASIR_MEMORY", "200"), root, process).bytes()).isZero();
    assertThatThrownBy(() -> MachineMemory.of(Map.of("KVASIR_MEMORY", "much"), root, process))
        .hasMessageStartingWith("KVASIR_MEMORY=much is no size of memory");
  }

  @Test
  void elsewhereTheInstalledMemoryIsTheBound() throws IOException {
    Files.delete(root.resolve("proc/meminfo"));
    assertThat(memory().source()).isEqualTo("installed in this machine");
    assertThat(memory().bytes()).isGreaterThan(1 << 28);
  }

  @Test
  void thisProcessHoldsWhatItTouches() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")));
    ProcessMemory before = ProcessMemory.now().orElseThrow();
    try (Arena arena = Arena.ofConfined()) {
      // More than malloc may have kept of what earlier tests freed.
      arena.allocate(300_000_000).fill((byte) 1);
      ProcessMemory after = ProcessMemory.now().orElseThrow();
      assertThat(after.anonymous() - before.anonymous()).isBetween(200_000_000L, 350_000_000L);
      assertThat(after.peak()).isGreaterThanOrEqualTo(after.resident() - 1_000_000);
    }
  }

  @Test
  void aProcessStatusIsReadByName() throws IOException {
    put("status", "Name:\tjava\nVmHWM:\t  30 kB\nVmRSS:\t  20 kB\nRssAnon:\t  10 kB\n");
    assertThat(ProcessMemory.read(root.resolve("status")))
        .contains(new ProcessMemory(20480, 10240, 30720));
    assertThat(ProcessMemory.read(root.resolve("none"))).isEmpty();
  }

  private MachineMemory memory() {
    return MachineMemory.of(Map.of(), root, Optional.empty());
  }

  private void put(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }
}
