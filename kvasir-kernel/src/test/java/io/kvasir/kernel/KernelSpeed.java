package io.kvasir.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Prints what the kernels reach on this machine: a main, not a test. Arguments: pattern of names.
 */
final class KernelSpeed {
  private static final double SECONDS = 0.6;

  private KernelSpeed() {}

  public static void main(String[] args) {
    String only = args.length > 0 ? args[0] : "";
    matrix(only, TensorType.Q4_1, 1536, 576);
    matrix(only, TensorType.Q4_1, 576, 1536);
    matrix(only, TensorType.Q5_0, 4864, 896);
    matrix(only, TensorType.Q4_K, 896, 4864);
    matrix(only, TensorType.Q6_K, 896, 4864);
    matrix(only, TensorType.Q8_0, 49152, 576);
    matrix(only, TensorType.F16, 4864, 896);
    pages(only, 3, 64);
    pages(only, 16, 64);
  }

  private static void matrix(String only, TensorType type, int rows, int cols) {
    String name = "%s [%d][%d]".formatted(type, rows, cols);
    if (!name.contains(only)) {
      return;
    }
    // Enough copies that one token's weights come from memory, as in a model.
    int copies = (int) Math.max(1, 120_000_000L / PackedMatrix.packedBytes(type, rows, cols));
    MemorySegment source = Blocks.random(type, rows, cols, 1);
    for (int threads : new int[] {1, 2}) {
      try (Workers workers = new Workers(threads);
          Arena arena = Arena.ofShared()) {
        PackedMatrix[] matrices = new PackedMatrix[copies];
        long best = Long.MAX_VALUE;
        for (int i = 0; i < copies; i++) {
          long start = System.nanoTime();
          matrices[i] = PackedMatrix.pack(type, source, rows, cols, arena, workers);
          best = Math.min(best, System.nanoTime() - start);
        }
        double packed = source.byteSize() / (double) best;
        StringBuilder line = new StringBuilder();
        for (int tokens : new int[] {1, 2, 4, 8, 512}) {
          float[] x = Blocks.floats(tokens * cols, 2);
          float[] y = new float[tokens * rows];
          double seconds = best(i -> matrices[i % copies].multiply(x, tokens, y, workers));
          if (tokens == 1) {
            line.append(
                " 1: %.1f GB/s, %.1f Gw/s;"
                    .formatted(
                        matrices[0].bytes() / seconds / 1e9, (double) rows * cols / seconds / 1e9));
          } else {
            line.append(
                " %d: %.1f GFLOPS;".formatted(tokens, 2.0 * tokens * rows * cols / seconds / 1e9));
          }
        }
        System.out.printf("%-20s %d threads:%s pack %.2f GB/s%n", name, threads, line, packed);
      }
    }
  }

  private static void pages(String only, int queries, int dim) {
    for (PageLayout layout : PagesTest.values().filter(each -> each.dim() == dim).toList()) {
      String name =
          "page %s %s/%d queries=%d dim=%d"
              .formatted(layout.code(), layout.side(), layout.block(), queries, dim);
      if (!name.contains(only)) {
        continue;
      }
      try (Arena arena = Arena.ofShared()) {
        int pages = 2048;
        MemorySegment[] all = new MemorySegment[pages];
        Arrays.setAll(all, i -> arena.allocate(layout.bytes(), 64));
        float[] q = Blocks.floats(queries * Math.max(dim, PageLayout.SLOTS), 1);
        float[] scores = new float[queries * PageLayout.SLOTS];
        float[] acc = new float[queries * dim];
        double keys =
            best(
                i -> {
                  MemorySegment page = all[i % pages];
                  Pages.scores(layout, q, queries, page, PageLayout.SLOTS, scores);
                });
        double values =
            best(i -> Pages.accumulate(layout, q, queries, all[i % pages], PageLayout.SLOTS, acc));
        double operations = 2.0 * queries * PageLayout.SLOTS * dim;
        System.out.printf(
            "%-38s scores %.1f GB/s %.1f GFLOPS; accumulate %.1f GB/s %.1f GFLOPS%n",
            name,
            layout.bytes() / keys / 1e9,
            operations / keys / 1e9,
            layout.bytes() / values / 1e9,
            operations / values / 1e9);
      }
    }
  }

  private interface Once {
    void run(int i);
  }

  /** Seconds of one run: the best of the slices of a time budget, after a warm-up. */
  private static double best(Once once) {
    long start = System.nanoTime();
    int i = 0;
    while (System.nanoTime() - start < SECONDS * 1e9) {
      once.run(i++);
    }
    int slice = Math.max(1, i / 20);
    double best = Double.MAX_VALUE;
    for (int s = 0; s < 20; s++) {
      long from = System.nanoTime();
      for (int k = 0; k < slice; k++) {
        once.run(i++);
      }
      best = Math.min(best, (System.nanoTime() - from) / 1e9 / slice);
    }
    return best;
  }
}
