package io.kvasir.kv.codec;

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
        butterflies(x, low, low + reach * columns, reach * columns);
      }
    }
    float scale = (float) (1 / Math.sqrt(n));
    for (int i = at; i < at + n * columns; i++) {
      x[i] *= scale;
    }
  }

  private static void butterflies(float[] x, int low, int high, int count) {
    for (int i = 0; i < count; i++) {
      float a = x[low + i];
      float b = x[high + i];
      x[low + i] = a + b;
      x[high + i] = a - b;
    }
  }
}
