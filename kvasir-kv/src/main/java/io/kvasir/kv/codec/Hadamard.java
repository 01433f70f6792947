package io.kvasir.kv.codec;

import io.kvasir.kernel.Floats;

/**
 * The orthonormal Walsh-Hadamard transform, in place, its own inverse: {@code y = H x / sqrt(n)},
 * H[i][j] = -1 to the number of ones that i and j share in binary.
 */
final class Hadamard {
  private Hadamard() {}

  /**
   * Transforms vectors that lie side by side.
   *
   * @param x number i of vector j is {@code x[at + i * columns + j]}
   * @param n numbers of a vector, a power of two
   * @param columns vectors
   */
  static void turn(float[] x, int at, int n, int columns) {
    for (int reach = 1; reach < n; reach *= 2) {
      for (int first = 0; first < n; first += 2 * reach) {
        int low = at + first * columns;
        Floats.sumAndDifference(x, low, low + reach * columns, reach * columns);
      }
    }
    Floats.scale((float) (1 / Math.sqrt(n)), x, at, n * columns);
  }

  /** Transforms vectors that follow each other, of {@code n} numbers each. */
  static void turnRows(float[] x, int n, int rows) {
    for (int r = 0; r < rows; r++) {
      turn(x, r * n, n, 1);
    }
  }
}
