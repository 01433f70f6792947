package io.kvasir.kv.codec;

import io.kvasir.kernel.Floats;

/**
 * The orthonormal Walsh-Hadamard transform, in place, its own inverse: {@code y = H x / sqrt(n)},
 * H[i][j] = -1 to the number of ones that i and j share in binary.
 */
final class Hadamard {
  private Hadamard() {}

  /**
   * Transforms a vector.
   *
   * @param n its numbers, a power of two
   */
  static void turn(float[] x, int at, int n) {
    for (int reach = 1; reach < n; reach *= 2) {
      for (int low = at; low < at + n; low += 2 * reach) {
        Floats.sumAndDifference(x, low, low + reach, reach);
      }
    }
    Floats.scale((float) (1 / Math.sqrt(n)), x, at, n);
  }
}
