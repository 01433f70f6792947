package io.kvasir.kernel.probe;

import io.kvasir.kernel.Bf16Matmul;
import io.kvasir.kernel.OneDnn;
import io.kvasir.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.stream.IntStream;

/** How fast oneDNN multiplies matrices of bf16 that fit a core's second cache. */
final class Bf16Products {
  private static final int SIZE = 512;
  private static final long OPERATIONS = 2L * SIZE * SIZE * SIZE;

  private Bf16Products() {}

  /** Operations per second of all threads together; empty where there is no oneDNN for bf16. */
  static Optional<Double> bf16(Workers workers) {
    if (!OneDnn.available()) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofShared()) {
      Product[] products =
          IntStream.range(0, workers.threads())
              .mapToObj(t -> new Product(arena))
              .toArray(Product[]::new);
      Runnable run = () -> workers.run(products.length, (t, thread) -> products[t].run());
      return Optional.of(1e9 * OPERATIONS * products.length / BestTime.nanos(run));
    }
  }

  /** One thread's square matrices, of zeros. */
  private static final class Product {
    private final Bf16Matmul matmul;
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment c;

    Product(Arena arena) {
      matmul =
          new Bf16Matmul(
              new Bf16Matmul.Shape(SIZE, SIZE, SIZE, SIZE, Bf16Matmul.Right.PAIRS, 0, SIZE, false),
              arena);
      a = arena.allocate((long) Short.BYTES * SIZE * SIZE, 64);
      b = arena.allocate((long) Short.BYTES * SIZE * SIZE, 64);
      c = arena.allocate((long) Float.BYTES * SIZE * SIZE, 64);
    }

    void run() {
      matmul.run(a.address(), b.address(), c.address());
    }
  }
}
