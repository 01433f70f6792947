package io.kvasir.kernel.probe;

import io.kvasir.kernel.Workers;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import jdk.incubator.vector.FloatVector;

/**
 * What this machine can do at most, with a number of threads, as far as programs on the JVM can ask
 * it to. Measured, not looked up: the best of several runs, so other processes disturb it little.
 *
 * @param threads that took part
 * @param readBytesPerSecond by the size of the working set of all threads together, in bytes
 * @param f32 operations per second, two per multiply-add, in f32
 * @param int8 the same of 8-bit numbers, multiplied and added in 16-bit lanes
 * @param bf16 the same of bf16 by oneDNN; empty where there is none
 */
public record MachineLimits(
    int threads,
    NavigableMap<Long, Double> readBytesPerSecond,
    double f32,
    double int8,
    Optional<Double> bf16) {

  public MachineLimits {
    readBytesPerSecond = new TreeMap<>(readBytesPerSecond);
  }

  /**
   * Takes a few seconds, and as much memory as the largest working set, for that long.
   *
   * @param workingSets bytes of all threads together; {@link #readBytesPerSecond} has them as keys
   */
  public static MachineLimits measure(Workers workers, long... workingSets) {
    NavigableMap<Long, Double> bandwidth = new TreeMap<>();
    for (long bytes : workingSets) {
      bandwidth.put(bytes, ReadBandwidth.bytesPerSecond(workers, bytes));
    }
    return new MachineLimits(
        workers.threads(),
        bandwidth,
        MultiplyAdds.f32(workers),
        MultiplyAdds.int8(workers),
        Bf16Products.bf16(workers));
  }

  /** Bits of the vectors that kernels compute with. */
  public static int vectorBits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  /** Bytes per second from memory: of the largest working set. */
  public double memory() {
    return readBytesPerSecond.lastEntry().getValue();
  }
}
