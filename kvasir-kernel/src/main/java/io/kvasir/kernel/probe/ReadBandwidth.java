package io.kvasir.kernel.probe;

import io.kvasir.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** How fast a team reads: each thread sums its own part of a working set, again and again. */
public final class ReadBandwidth {
  private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  /** Read by one loop: sets are a multiple of it. */
  public static final int BLOCK = 32 << 10;

  /** A small set is read several times in a run, which starting the team would else dominate. */
  private static final long LEAST_PER_RUN = 8 << 20;

  private ReadBandwidth() {}

  /**
   * Bytes per second of all threads together.
   *
   * @param bytes the working set of all threads together, rounded up to whole blocks for each
   */
  static double bytesPerSecond(Workers workers, long bytes) {
    int threads = workers.threads();
    long part = Math.ceilDiv(Math.ceilDiv(bytes, threads), BLOCK) * BLOCK;
    int times = (int) Math.max(1, LEAST_PER_RUN / part);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment[] parts = new MemorySegment[threads];
      Arrays.setAll(parts, t -> arena.allocate(part, 4096)); // zeroed: every page is there
      long[] sums = new long[threads];
      Runnable run =
          () ->
              workers.run(
                  threads,
                  (t, thread) -> {
                    for (int i = 0; i < times; i++) {
                      sums[t] += sum(parts[t]);
                    }
                  });
      long nanos = BestTime.nanos(run);
      if (Arrays.stream(sums).sum() != 0) {
        throw new IllegalStateException("zeroed memory is not zero");
      }
      return 1e9 * part * threads * times / nanos;
    }
  }

  /**
   * The sum of a segment's 64-bit words.
   *
   * @param from native memory, whole blocks
   */
  public static long sum(MemorySegment from) {
    long sum = 0;
    for (long at = 0; at < from.byteSize(); at += BLOCK) {
      sum += block(from.asSlice(at, BLOCK));
    }
    return sum;
  }

  /** Four sums in flight, so that adding waits for nothing but memory. */
  private static long block(MemorySegment from) {
    int step = L.vectorByteSize();
    LongVector a = LongVector.zero(L);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    for (int at = 0; at < BLOCK; at += 4 * step) {
      a = LongVector.fromMemorySegment(L, from, at, LE).add(a);
      b = LongVector.fromMemorySegment(L, from, at + step, LE).add(b);
      c = LongVector.fromMemorySegment(L, from, at + 2 * step, LE).add(c);
      d = LongVector.fromMemorySegment(L, from, at + 3 * step, LE).add(d);
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  /** {@link #sum} by its definition. */
  static long sumRef(MemorySegment from) {
    long sum = 0;
    for (long at = 0; at < from.byteSize(); at += Long.BYTES) {
      sum += from.get(ValueLayout.JAVA_LONG.withOrder(LE), at);
    }
    return sum;
  }
}
