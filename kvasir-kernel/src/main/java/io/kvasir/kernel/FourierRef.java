package io.kvasir.kernel;

/** The definition of {@link Fourier}: every frequency is a sum over all times. */
final class FourierRef {
  private FourierRef() {}

  /** As {@link Fourier#transform}, of length n. */
  static void transform(int n, double[] re, double[] im) {
    int lanes = Fourier.SIDE_BY_SIDE;
    double[] x = re.clone();
    double[] y = im.clone();
    for (int k = 0; k < n; k++) {
      for (int lane = 0; lane < lanes; lane++) {
        double a = 0;
        double b = 0;
        for (int t = 0; t < n; t++) {
          double angle = 2 * Math.PI * ((long) k * t % n) / n;
          double c = Math.cos(angle);
          double s = Math.sin(angle);
          a += x[t * lanes + lane] * c + y[t * lanes + lane] * s;
          b += y[t * lanes + lane] * c - x[t * lanes + lane] * s;
        }
        re[k * lanes + lane] = a;
        im[k * lanes + lane] = b;
      }
    }
  }
}
