package io.kvasir.kernel;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/** One thread's products of rows with a slice of {@link Bf16Pairs}, made when first asked for. */
final class Bf16Matmuls {
  private final Arena arena;
  private final Map<Bf16Matmul.Shape, Bf16Matmul> made = new HashMap<>();

  Bf16Matmuls(Arena arena) {
    this.arena = arena;
  }

  /** Rows of k elements without gaps, m at a time; the result has no gaps either. */
  Bf16Matmul get(int m, int k) {
    int n = Bf16Pairs.WIDTH;
    return made.computeIfAbsent(
        new Bf16Matmul.Shape(m, n, k, k, Bf16Matmul.Right.PAIRS, n, n, false),
        shape -> new Bf16Matmul(shape, arena));
  }
}
