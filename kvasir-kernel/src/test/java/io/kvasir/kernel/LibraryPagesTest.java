package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvasir.kernel.LibraryPages.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LibraryPagesTest {
  private static final String MAPS =
      """
      1000-3000 r--p 00000000 fe:00 7                   /a folder/lib.so
      Rss:                   8 kB
      Anonymous:             0 kB
      VmFlags: rd mr mw me
      3000-8000 r-xp 00002000 fe:00 7                   /a folder/lib.so
      Anonymous:             0 kB
      8000-9000 r--p 00007000 fe:00 7                   /a folder/lib.so
      Anonymous:             4 kB
      9000-a000 rw-p 00008000 fe:00 7                   /a folder/lib.so
      Anonymous:             0 kB
      a000-b000 r--p 00000000 fe:00 8                   /a folder/lib.so.1
      Anonymous:             0 kB
      ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
      Anonymous:             0 kB
      """;

  @Test
  void whatTheLoaderChangedOrMayChangeIsKept() {
    assertThat(LibraryPages.unchanged(MAPS.lines().toList(), Path.of("/a folder/lib.so")))
        .containsExactly(new Range(0x1000, 0x2000), new Range(0x3000, 0x5000));
  }

  @Test
  void releasesMostOfOneDnnWhichWorksAsBefore() throws IOException {
    assumeTrue(OneDnn.available(), () -> "no oneDNN: " + OneDnn.refusal().orElseThrow());
    long isa = OneDnnApi.get("dnnl_get_effective_cpu_isa");
    LibraryPages.release(OneDnnApi.library());
    assertThat(resident())
        .isBetween(1L, 4L << 20); // what the loader changed, and what was used since
    assertThat(OneDnnApi.get("dnnl_get_effective_cpu_isa")).isEqualTo(isa);
  }

  /** Bytes of the library that are in memory. */
  private static long resident() throws IOException {
    Path library = OneDnnApi.library().toRealPath();
    boolean ours = false;
    long bytes = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        ours = line.endsWith(" " + library);
      } else if (ours && line.startsWith("Rss:")) {
        bytes += 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return bytes;
  }
}
