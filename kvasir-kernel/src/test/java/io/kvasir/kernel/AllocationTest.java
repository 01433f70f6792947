package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compiled kernels must not box vectors: one that does runs ten times slower and allocates
 * megabytes a call, where views and batch records take a few hundred bytes.
 */
@Tag("slow")
class AllocationTest {
  private static final int ROUNDS = 3000;
  private static final int BYTES_PER_CALL = 2000;

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void productsAllocateNothingOnceCompiled(TensorType type) {
    try (Workers workers = new Workers(1);
        Arena arena = Arena.ofShared()) {
      MemorySegment source = Blocks.random(type, 128, 768, 1);
      PackedMatrix matrix = PackedMatrix.pack(type, source, 128, 768, arena, workers);
      float[] x = Blocks.floats(9 * 768, 1);
      float[] y = new float[9 * 128];
      assertThat(leastBytesPerCall(() -> matrix.multiply(x, 1, y, workers)))
          .as("%s, one token", type)
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> matrix.multiply(x, 9, y, workers)))
          .as("%s, nine tokens", type)
          .isLessThan(BYTES_PER_CALL);
    }
  }

  @ParameterizedTest
  @EnumSource(PageForm.class)
  void pagesAllocateNothingOnceCompiled(PageForm form) {
    try (Arena arena = Arena.ofShared()) {
      PageView page = new PageView(form, arena.allocate(64 * 64 * 4, 64), 0, 64, 64);
      Rows q = Rows.of(Blocks.floats(7 * 64, 1), 64);
      Rows out = Rows.of(new float[7 * 64], 64);
      float[] scratch = new float[64 * 64];
      assertThat(leastBytesPerCall(() -> PageKernels.scores(page, q, 7, out, scratch)))
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> PageKernels.accumulate(page, q, 7, out, scratch)))
          .isLessThan(BYTES_PER_CALL);
    }
  }

  /** The best of rounds: the compiler takes its time on a busy machine. */
  private static long leastBytesPerCall(Runnable call) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least >= BYTES_PER_CALL; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10; i++) {
        call.run();
      }
      least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / 10);
    }
    return least;
  }
}
