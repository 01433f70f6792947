package io.kvasir.engine.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.GgufWriter;
import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.kernel.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorMemoryTest {
  @TempDir Path folder;

  @Test
  void memoryOfATensorIsLetGoAfterItWasRead() {
    assumeTrue(ProcessMemory.now().isPresent(), "this system does not tell what is resident");
    int size = 32 << 20;
    GgufWriter writer = new GgufWriter();
    for (String name : List.of("a", "b", "c")) {
      writer.tensor(name, TensorType.Q8_0, new byte[size / 34 * 34], 32, size / 34);
    }
    try (GgufFile file = GgufFile.open(writer.write(folder.resolve("large.gguf")))) {
      long before = mapped();
      for (TensorInfo tensor : file.tensors()) {
        long whole = file.read(tensor, bytes -> sum(bytes) + mapped());
        assertThat(whole - before).as("while it is read").isGreaterThan(size / 2);
        assertThat(mapped() - before).as("afterwards").isLessThan(size / 4);
      }
    }
  }

  /** Zero, and all of it was looked at. */
  private static long sum(MemorySegment bytes) {
    long sum = 0;
    for (long at = 0; at < bytes.byteSize(); at += 512) {
      sum += bytes.get(ValueLayout.JAVA_BYTE, at);
    }
    return sum;
  }

  /** Resident bytes that a file backs. */
  private static long mapped() {
    ProcessMemory now = ProcessMemory.now().orElseThrow();
    return now.resident() - now.anonymous();
  }
}
