package io.kvasir.kernel;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Discrete Fourier transforms of {@value #SIDE_BY_SIDE} complex sequences at once, of any length:
 * {@code X[k] = sum_t x[t] e^(-2 pi i k t / n)}. Lanes are sequences, so each has the same bits
 * whatever stands beside it. Defined by {@link FourierRef}.
 *
 * <p>A length is taken apart into small factors, and one pass over the sequences serves each
 * (Stockham's order, which needs no sorting). A length with a prime factor above {@value #LARGEST}
 * goes through {@link FourierChirp}.
 *
 * <p>Holds scratch memory; for one thread at a time.
 */
public final class Fourier {
  /** Sequences that are transformed together. */
  public static final int SIDE_BY_SIDE = 8;

  /** What a prime costs grows with it; from here on a longer transform costs less. */
  private static final int LARGEST = 128;

  private final int n;
  private final int[] factors;
  private final double[] cos; // of 2 pi t / n
  private final double[] sin;
  private final double[][] room; // as large as what is transformed
  private final Optional<FourierChirp> chirp;

  /**
   * Transforms of a length.
   *
   * @param n at least 1
   */
  public Fourier(int n) {
    this.n = n;
    this.factors = factors(n);
    boolean large = IntStream.of(factors).anyMatch(p -> p > LARGEST);
    this.chirp = large ? Optional.of(new FourierChirp(n)) : Optional.empty();
    this.cos = new double[large ? 0 : n];
    this.sin = new double[cos.length];
    this.room = new double[2][cos.length * SIDE_BY_SIDE];
    for (int t = 0; t < cos.length; t++) {
      cos[t] = Math.cos(2 * Math.PI * t / n);
      sin[t] = Math.sin(2 * Math.PI * t / n);
    }
  }

  /** Factors of n: as large as 8 where they are made of small primes, or prime. */
  private static int[] factors(int n) {
    IntStream.Builder found = IntStream.builder();
    for (int left = n; left > 1; ) {
      int factor = Math.min(8, left);
      while (factor > 1 && left % factor != 0) {
        factor--;
      }
      if (factor == 1) {
        factor = 11;
        while (left % factor != 0) {
          factor = factor * factor > left ? left : factor + 2;
        }
      }
      found.add(factor);
      left /= factor;
    }
    return found.build().toArray();
  }

  /**
   * Transforms in place. With the two arrays exchanged it is the inverse but for a factor of n.
   *
   * @param re real parts, [n][{@value #SIDE_BY_SIDE}]
   * @param im imaginary parts
   */
  public void transform(double[] re, double[] im) {
    if (chirp.isPresent()) {
      chirp.get().transform(re, im);
      return;
    }
    double[][] from = {re, im};
    double[][] to = room;
    int done = 1;
    for (int p : factors) {
      new FourierPass(n, p, done, cos, sin).run(from, to);
      double[][] read = from;
      from = to;
      to = read;
      done *= p;
    }
    if (from[0] != re) {
      System.arraycopy(from[0], 0, re, 0, n * SIDE_BY_SIDE);
      System.arraycopy(from[1], 0, im, 0, n * SIDE_BY_SIDE);
    }
  }
}
