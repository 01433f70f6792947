package io.kvasir.kernel;

import java.util.Arrays;

/**
 * Fourier transforms of lengths with large prime factors: {@code k t = (k^2 + t^2 - (k - t)^2) / 2}
 * makes one a convolution with a chirp, and that is a product between transforms whose length is a
 * power of two (Bluestein 1970).
 */
final class FourierChirp {
  private static final int LANES = Fourier.SIDE_BY_SIDE;

  private final int n;
  private final int length;
  private final Fourier longer;
  private final double[] cos; // of pi t^2 / n
  private final double[] sin;
  private final double[] re; // the transformed chirp over its length, [length][LANES], all alike
  private final double[] im;
  private final double[] a; // the product, [length][LANES]
  private final double[] b;

  FourierChirp(int n) {
    this.n = n;
    this.length = Integer.highestOneBit(2 * n - 1) * 2;
    this.longer = new Fourier(length);
    this.cos = new double[n];
    this.sin = new double[n];
    this.re = new double[length * LANES];
    this.im = new double[length * LANES];
    this.a = new double[length * LANES];
    this.b = new double[length * LANES];
    for (int t = 0; t < n; t++) {
      double angle = Math.PI * ((long) t * t % (2L * n)) / n;
      cos[t] = Math.cos(angle);
      sin[t] = Math.sin(angle);
      for (int lane = 0; lane < LANES; lane++) {
        int back = (length - t) % length;
        re[t * LANES + lane] = cos[t] / length;
        re[back * LANES + lane] = cos[t] / length;
        im[t * LANES + lane] = sin[t] / length;
        im[back * LANES + lane] = sin[t] / length;
      }
    }
    longer.transform(re, im);
  }

  /** As {@link Fourier#transform}. */
  void transform(double[] x, double[] y) {
    for (int i = 0; i < n * LANES; i++) {
      double c = cos[i / LANES];
      double s = sin[i / LANES];
      a[i] = x[i] * c + y[i] * s;
      b[i] = y[i] * c - x[i] * s;
    }
    Arrays.fill(a, n * LANES, a.length, 0);
    Arrays.fill(b, n * LANES, b.length, 0);
    longer.transform(a, b);
    for (int i = 0; i < a.length; i++) {
      double product = a[i] * re[i] - b[i] * im[i];
      b[i] = a[i] * im[i] + b[i] * re[i];
      a[i] = product;
    }
    longer.transform(b, a); // the inverse
    for (int i = 0; i < n * LANES; i++) {
      double c = cos[i / LANES];
      double s = sin[i / LANES];
      x[i] = a[i] * c + b[i] * s;
      y[i] = b[i] * c - a[i] * s;
    }
  }
}
