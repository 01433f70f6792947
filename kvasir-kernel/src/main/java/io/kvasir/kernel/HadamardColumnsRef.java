package io.kvasir.kernel;

/** Scalar twin that defines {@link HadamardColumns}: one stage after the other. */
final class HadamardColumnsRef {
  private HadamardColumnsRef() {}

  static void turn(float[] x, int n, int columns) {
    for (int reach = 1; reach < n; reach *= 2) {
      for (int i = 0; i < n; i++) {
        if ((i & reach) == 0) {
          for (int j = 0; j < columns; j++) {
            int low = i * columns + j;
            int high = low + reach * columns;
            float sum = x[low] + x[high];
            x[high] = x[low] - x[high];
            x[low] = sum;
          }
        }
      }
    }
  }
}
