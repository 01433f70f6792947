package io.kvasir.kernel;

/** The order of sums in {@link Floats}, one element at a time. */
public final class FloatsRef {
  private FloatsRef() {}

  /** Twin of {@link Floats#dot}. */
  public static float dot(float[] a, int aAt, float[] b, int bAt, int n) {
    float[] partial = new float[16];
    int whole = n - n % 16;
    for (int i = 0; i < whole; i++) {
      partial[i % 16] = Math.fma(a[aAt + i], b[bAt + i], partial[i % 16]);
    }
    float sum = tree(partial);
    for (int i = whole; i < n; i++) {
      sum = Math.fma(a[aAt + i], b[bAt + i], sum);
    }
    return sum;
  }

  /** Twin of {@link Floats#sum}. */
  public static float sum(float[] x, int at, int n) {
    float[] partial = new float[16];
    int whole = n - n % 16;
    for (int i = 0; i < whole; i++) {
      partial[i % 16] += x[at + i];
    }
    float sum = tree(partial);
    for (int i = whole; i < n; i++) {
      sum += x[at + i];
    }
    return sum;
  }

  private static float tree(float[] partial) {
    for (int width = 8; width > 0; width /= 2) {
      for (int j = 0; j < width; j++) {
        partial[j] += partial[j + width];
      }
    }
    return partial[0];
  }
}
