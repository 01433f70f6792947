package io.kvasir.kv.codec;

import io.kvasir.kernel.Fourier;

/**
 * The low frequencies of each channel over time: {@code y = sqrt(M / N) IDCT_M(first M of
 * DCT_N(x))}, orthonormal DCT-II. M rows run through the shapes of N, only faster. The factor keeps
 * the mean; without it rows would grow each time.
 *
 * <p>Two channels pass as one complex sequence, in Makhoul's order (1980: the even times, then the
 * odd ones backwards), whose Fourier transform is a DCT but for a turn of each frequency. Several
 * such sequences pass side by side.
 */
final class LowPass {
  private static final int LANES = Fourier.SIDE_BY_SIDE;

  private final int n;
  private final int m;
  private final Fourier many;
  private final Fourier few;
  private final double[] ofMany; // turns, [m] complex
  private final double[] ofFew;

  LowPass(int n, int m) {
    this.n = n;
    this.m = m;
    this.many = new Fourier(n);
    this.few = new Fourier(m);
    this.ofMany = turns(m, n);
    this.ofFew = turns(m, m);
  }

  /**
   * The rows that stand for others.
   *
   * @param rows x, [N][dim]
   * @return y, [M][dim]
   */
  static float[] shorten(float[] rows, int n, int dim, int m) {
    return new LowPass(n, m).shorten(rows, dim);
  }

  private float[] shorten(float[] rows, int dim) {
    float[] shorter = new float[m * dim];
    double[] re = new double[n * LANES]; // times, then their Fourier transform
    double[] im = new double[n * LANES];
    double[] low = new double[(m + 1) * LANES]; // the DCT of some channels; the last row stays 0
    double[] lowToo = new double[(m + 1) * LANES]; // of as many others
    double[] shortRe = new double[m * LANES];
    double[] shortIm = new double[m * LANES];
    for (int d = 0; d < dim; d += 2 * LANES) {
      read(rows, dim, d, re);
      read(rows, dim, d + LANES, im);
      many.transform(re, im);
      cosines(re, im, low, lowToo);
      fourier(low, lowToo, shortRe, shortIm);
      few.transform(shortIm, shortRe); // the inverse
      write(shortRe, shorter, dim, d);
      write(shortIm, shorter, dim, d + LANES);
    }
    return shorter;
  }

  /** Channels from {@code first} on, by times in Makhoul's order; the last again where they end. */
  private void read(float[] rows, int dim, int first, double[] times) {
    for (int t = 0; t < n; t++) {
      int at = place(t, n) * LANES;
      for (int lane = 0; lane < LANES; lane++) {
        times[at + lane] = rows[t * dim + Math.min(first + lane, dim - 1)];
      }
    }
  }

  private void write(double[] times, float[] rows, int dim, int first) {
    double factor = 1.0 / n; // orthonormal norms, and what the inverse leaves out
    int lanes = Math.min(LANES, dim - first);
    for (int t = 0; t < m; t++) {
      int at = place(t, m) * LANES;
      for (int lane = 0; lane < lanes; lane++) {
        rows[t * dim + first + lane] = (float) (factor * times[at + lane]);
      }
    }
  }

  private static int place(int t, int length) {
    return t % 2 == 0 ? t / 2 : length - 1 - t / 2;
  }

  /** The low part of the DCT of both channels, from the Fourier transform of them as one. */
  private void cosines(double[] re, double[] im, double[] low, double[] lowToo) {
    for (int k = 0; k < m; k++) {
      double cos = ofMany[2 * k] / 2;
      double sin = ofMany[2 * k + 1] / 2;
      int to = k * LANES;
      int other = (n - k) % n * LANES;
      for (int at = to; at < to + LANES; at++, other++) {
        low[at] = (re[at] + re[other]) * cos + (im[at] - im[other]) * sin;
        lowToo[at] = (im[at] + im[other]) * cos + (re[other] - re[at]) * sin;
      }
    }
  }

  /** The Fourier transform of fewer times that has these DCTs. */
  private void fourier(double[] low, double[] lowToo, double[] re, double[] im) {
    for (int k = 0; k < m; k++) {
      double cos = ofFew[2 * k];
      double sin = ofFew[2 * k + 1];
      int to = k * LANES;
      int other = (m - k) * LANES;
      for (int at = to; at < to + LANES; at++, other++) {
        double a = low[at] + lowToo[other];
        double b = lowToo[at] - low[other];
        re[at] = a * cos - b * sin;
        im[at] = a * sin + b * cos;
      }
    }
  }

  /** {@code e^(i pi k / 2 length)} of m frequencies. */
  private static double[] turns(int m, int length) {
    double[] turns = new double[2 * m];
    for (int k = 0; k < m; k++) {
      double angle = Math.PI * k / (2.0 * length);
      turns[2 * k] = Math.cos(angle);
      turns[2 * k + 1] = Math.sin(angle);
    }
    return turns;
  }
}
