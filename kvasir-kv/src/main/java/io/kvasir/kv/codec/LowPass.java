package io.kvasir.kv.codec;

import org.jtransforms.fft.DoubleFFT_1D;

/**
 * The low frequencies of each channel over time: {@code y = sqrt(M / N) IDCT_M(first M of
 * DCT_N(x))}, orthonormal DCT-II. M rows run through the shapes of N, only faster. The factor keeps
 * the mean; without it rows would grow each time.
 *
 * <p>Two channels pass as one complex sequence, in Makhoul's order (1980: the even times, then the
 * odd ones backwards), whose Fourier transform is a DCT but for a turn of each frequency. That is a
 * third of the time of the library's DCT where N has large prime factors.
 */
final class LowPass {
  private final int n;
  private final int m;
  private final DoubleFFT_1D many;
  private final DoubleFFT_1D few;
  private final double[] ofMany; // turns, [m] complex like all below
  private final double[] ofFew;
  private final double[] times; // [n], then their Fourier transform
  private final double[] low; // [m + 1], the DCT of two channels; the last one stays 0
  private final double[] shorter; // [m]

  private LowPass(int n, int m) {
    this.n = n;
    this.m = m;
    this.many = new DoubleFFT_1D(n);
    this.few = new DoubleFFT_1D(m);
    this.ofMany = turns(m, n);
    this.ofFew = turns(m, m);
    this.times = new double[2 * n];
    this.low = new double[2 * m + 2];
    this.shorter = new double[2 * m];
  }

  /**
   * The rows that stand for others.
   *
   * @param rows x, [N][dim]
   * @return y, [M][dim]
   */
  static float[] shorten(float[] rows, int n, int dim, int m) {
    LowPass pass = new LowPass(n, m);
    float[] shorter = new float[m * dim];
    for (int d = 0; d < dim; d += 2) {
      pass.read(rows, dim, d, Math.min(d + 1, dim - 1));
      pass.many.complexForward(pass.times);
      pass.turn();
      pass.few.complexInverse(pass.shorter, true);
      pass.write(shorter, dim, d, Math.min(d + 1, dim - 1));
    }
    return shorter;
  }

  private void read(float[] rows, int dim, int first, int second) {
    for (int t = 0; t < n; t++) {
      int at = 2 * place(t, n);
      times[at] = rows[t * dim + first];
      times[at + 1] = rows[t * dim + second];
    }
  }

  private void write(float[] rows, int dim, int first, int second) {
    double factor = (double) m / n; // orthonormal norms included
    for (int t = 0; t < m; t++) {
      int at = 2 * place(t, m);
      rows[t * dim + first] = (float) (factor * shorter[at]);
      rows[t * dim + second] = (float) (factor * shorter[at + 1]);
    }
  }

  private static int place(int t, int length) {
    return t % 2 == 0 ? t / 2 : length - 1 - t / 2;
  }

  /** Makes frequencies of M times of the low ones of N. */
  private void turn() {
    for (int k = 0; k < m; k++) {
      int at = 2 * k;
      int other = 2 * ((n - k) % n);
      double cos = ofMany[at];
      double sin = ofMany[at + 1];
      double even = times[at] + times[other];
      double odd = times[at + 1] - times[other + 1];
      low[at] = (even * cos + odd * sin) / 2;
      even = times[at + 1] + times[other + 1];
      odd = times[other] - times[at];
      low[at + 1] = (even * cos + odd * sin) / 2;
    }
    for (int k = 0; k < m; k++) {
      int at = 2 * k;
      double re = low[at] + low[2 * (m - k) + 1];
      double im = low[at + 1] - low[2 * (m - k)];
      shorter[at] = re * ofFew[at] - im * ofFew[at + 1];
      shorter[at + 1] = re * ofFew[at + 1] + im * ofFew[at];
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
