package io.kvasir.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One factor p of a {@link Fourier} transform: short transforms of p numbers each. The numbers j
 * and p - j meet their roots as a sum and a difference, and give the frequencies k and p - k
 * together.
 */
final class FourierPass {
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  private static final int W = D.length();

  private final int p;
  private final int done;
  private final int blocks;
  private final double[] cos;
  private final double[] sin;
  private final double[] roots; // of p, row k: of every j, cosine and sine
  private final double[] sums; // of every j up to p / 2, real parts and imaginary ones
  private final double[] differences;

  /**
   * A pass.
   *
   * @param done the product of the factors before p
   * @param cos of 2 pi t / n
   */
  FourierPass(int n, int p, int done, double[] cos, double[] sin) {
    this.p = p;
    this.done = done;
    this.blocks = n / done / p;
    this.cos = cos;
    this.sin = sin;
    this.roots = new double[2 * p * p];
    for (int i = 0; i < p * p; i++) {
      int root = i / p * (i % p) % p * (n / p);
      roots[2 * i] = cos[root];
      roots[2 * i + 1] = sin[root];
    }
    this.sums = new double[(p + 3) * W];
    this.differences = new double[(p + 3) * W];
  }

  /** From real and imaginary parts to others. */
  void run(double[][] from, double[][] to) {
    int run = done * Fourier.SIDE_BY_SIDE; // numbers that turn alike
    for (int i = 0; i < blocks; i++) {
      for (int q = 0; q < run; q += W) {
        gather(from[0], i * run + q, blocks * run, 0);
        gather(from[1], i * run + q, blocks * run, W);
        for (int k = 0; 2 * k <= p; k++) {
          pair(i, k, to[0], to[1], p * i * run + q, run);
        }
      }
    }
  }

  /** Number 0 stands before the sums; number p / 2, or zeros where there is none, behind. */
  private void gather(double[] x, int at, int stride, int to) {
    DoubleVector.fromArray(D, x, at).intoArray(sums, to);
    for (int j = 1; 2 * j < p; j++) {
      DoubleVector a = DoubleVector.fromArray(D, x, at + j * stride);
      DoubleVector b = DoubleVector.fromArray(D, x, at + (p - j) * stride);
      a.add(b).intoArray(sums, to + 2 * j * W);
      a.sub(b).intoArray(differences, to + 2 * j * W);
    }
    if (p % 2 == 0) {
      DoubleVector.fromArray(D, x, at + p / 2 * stride).intoArray(sums, to + p * W);
    }
  }

  /** Frequencies k and p - k of block i, each turned as the whole transform needs it. */
  private void pair(int i, int k, double[] outRe, double[] outIm, int at, int run) {
    int middle = (p + 1) / 2;
    DoubleVector sign = DoubleVector.broadcast(D, 1 - 2 * (k % 2));
    DoubleVector re =
        DoubleVector.fromArray(D, sums, 2 * middle * W)
            .fma(sign, DoubleVector.fromArray(D, sums, 0));
    DoubleVector im =
        DoubleVector.fromArray(D, sums, (2 * middle + 1) * W)
            .fma(sign, DoubleVector.fromArray(D, sums, W));
    DoubleVector oddRe = DoubleVector.zero(D);
    DoubleVector oddIm = oddRe;
    int row = 2 * p * k;
    for (int j = 1; j < middle; j++) {
      DoubleVector c = DoubleVector.broadcast(D, roots[row + 2 * j]);
      DoubleVector s = DoubleVector.broadcast(D, roots[row + 2 * j + 1]);
      re = DoubleVector.fromArray(D, sums, 2 * j * W).fma(c, re);
      im = DoubleVector.fromArray(D, sums, (2 * j + 1) * W).fma(c, im);
      oddIm = DoubleVector.fromArray(D, differences, 2 * j * W).fma(s, oddIm);
      oddRe = DoubleVector.fromArray(D, differences, (2 * j + 1) * W).fma(s, oddRe);
    }
    DoubleVector none = DoubleVector.zero(D);
    DoubleVector x = none.add(re); // of a class that C2 knows, unlike what the loop left
    DoubleVector y = none.add(im);
    DoubleVector oddX = none.add(oddRe);
    DoubleVector oddY = none.add(oddIm);
    int mirror = (p - k) % p;
    turn(x.add(oddX), y.sub(oddY), i * k * done, outRe, outIm, at + k * run);
    turn(x.sub(oddX), y.add(oddY), i * mirror * done, outRe, outIm, at + mirror * run);
  }

  /** Writes a number turned back by a root of n. */
  private void turn(
      DoubleVector re, DoubleVector im, int root, double[] outRe, double[] outIm, int at) {
    DoubleVector c = DoubleVector.broadcast(D, cos[root]);
    DoubleVector s = DoubleVector.broadcast(D, sin[root]);
    re.fma(c, im.mul(s)).intoArray(outRe, at);
    im.fma(c, re.mul(s).neg()).intoArray(outIm, at);
  }
}
