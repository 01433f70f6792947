package io.kvasir.kernel;

import jdk.incubator.vector.FloatVector;

/** Root mean square normalisation (Zhang and Sennrich 2019, arXiv:1910.07467). */
public final class RmsNorm {
  private RmsNorm() {}

  /**
   * {@code y[i] = x[i] * (1 / sqrt(mean(x^2) + eps)) * weight[i]} for {@code weight.length}
   * elements; y may be x. The sum of squares has the order of {@link Floats}.
   */
  public static void apply(float[] x, int xAt, float[] weight, float eps, float[] y, int yAt) {
    int n = weight.length;
    float mean = Floats.sumOfSquares(x, xAt, n) / n;
    float scale = (float) (1 / Math.sqrt(mean + eps));
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      FloatVector.fromArray(Lanes.F, x, xAt + i)
          .mul(scale)
          .mul(FloatVector.fromArray(Lanes.F, weight, i))
          .intoArray(y, yAt + i);
    }
    for (; i < n; i++) {
      y[yAt + i] = x[xAt + i] * scale * weight[i];
    }
  }
}
