package io.kvasir.kv.codec;

import org.jtransforms.dct.DoubleDCT_1D;

/** The low frequencies of each channel over time. */
final class LowPass {
  private LowPass() {}

  /**
   * {@code y = sqrt(M / N) IDCT_M(first M of DCT_N(x))} of every channel, orthonormal DCT-II: M
   * rows that run through the same shapes as N, only faster. The factor keeps the mean; without it
   * rows would grow each time.
   *
   * @param rows x, [N][dim]
   * @return y, [M][dim]
   */
  static float[] shorten(float[] rows, int n, int dim, int m) {
    DoubleDCT_1D many = new DoubleDCT_1D(n);
    DoubleDCT_1D few = new DoubleDCT_1D(m);
    double factor = Math.sqrt((double) m / n);
    double[] channel = new double[n];
    float[] shorter = new float[m * dim];
    for (int d = 0; d < dim; d++) {
      for (int t = 0; t < n; t++) {
        channel[t] = rows[t * dim + d];
      }
      many.forward(channel, true);
      few.inverse(channel, true);
      for (int t = 0; t < m; t++) {
        shorter[t * dim + d] = (float) (factor * channel[t]);
      }
    }
    return shorter;
  }
}
