package io.kvasir.kv.codec;

import io.kvasir.kernel.Floats;

/**
 * Orthogonal matching pursuit (Pati et al. 1993): atom by atom, takes the one that the rest of the
 * row lies along most, and fits the weights of all atoms so far to the row anew, by least squares.
 * For one thread; holds the code of the last row.
 */
final class Pursuit {
  /** A rest this small, by the row's norm, is rounding: no atom is sought for it. */
  private static final float NOTHING = 1e-5f;

  private final Dictionary dictionary;
  private final int[] chosen; // [s]
  private final double[] dots; // of the chosen atoms with the row
  private final double[][] factor; // Cholesky: lower triangle of their Gram matrix
  private final double[] weights; // [s]
  private final float[] rest; // [dim]
  private final float[] correlations; // [N]
  private int count;

  /**
   * @param atoms s, at most
   */
  Pursuit(Dictionary dictionary, int atoms) {
    this.dictionary = dictionary;
    this.chosen = new int[atoms];
    this.dots = new double[atoms];
    this.factor = new double[atoms][atoms];
    this.weights = new double[atoms];
    this.rest = new float[dictionary.dim()];
    this.correlations = new float[dictionary.size()];
  }

  /** Atoms of the code, at most s. */
  int count() {
    return count;
  }

  int atom(int i) {
    return chosen[i];
  }

  float weight(int i) {
    return (float) weights[i];
  }

  /** What the code leaves of the row, [dim]. */
  float[] rest() {
    return rest;
  }

  /** Codes the row {@code x[at .. at+dim)}. */
  void code(float[] x, int at) {
    int dim = dictionary.dim();
    System.arraycopy(x, at, rest, 0, dim);
    float nothing = NOTHING * (float) Math.sqrt(Floats.sumOfSquares(x, at, dim));
    for (count = 0; count < chosen.length; count++) {
      dictionary.correlate(rest, 0, correlations);
      float most = Floats.absMax(correlations, 0, correlations.length);
      if (!(most > nothing) || !choose(first(correlations, most), x, at)) {
        return;
      }
      fit();
      System.arraycopy(x, at, rest, 0, dim);
      for (int i = 0; i <= count; i++) {
        dictionary.add((float) -weights[i], chosen[i], rest, 0);
      }
    }
  }

  /** Where the first number of this magnitude stands. */
  private static int first(float[] numbers, float magnitude) {
    int at = 0;
    while (Math.abs(numbers[at]) != magnitude) {
      at++;
    }
    return at;
  }

  /** Adds a row to the Cholesky factor; false where the atom lies in the span of the others. */
  private boolean choose(int atom, float[] x, int at) {
    double[] row = factor[count];
    double left = dictionary.dot(atom, atom);
    for (int i = 0; i < count; i++) {
      double sum = dictionary.dot(atom, chosen[i]);
      for (int j = 0; j < i; j++) {
        sum -= row[j] * factor[i][j];
      }
      row[i] = sum / factor[i][i];
      left -= row[i] * row[i];
    }
    if (!(left > NOTHING)) {
      return false;
    }
    row[count] = Math.sqrt(left);
    chosen[count] = atom;
    dots[count] = dictionary.dot(atom, x, at);
    return true;
  }

  /** Solves the normal equations of the atoms chosen so far, {@code count} among them. */
  private void fit() {
    for (int i = 0; i <= count; i++) {
      double sum = dots[i];
      for (int j = 0; j < i; j++) {
        sum -= factor[i][j] * weights[j];
      }
      weights[i] = sum / factor[i][i];
    }
    for (int i = count; i >= 0; i--) {
      double sum = weights[i];
      for (int j = i + 1; j <= count; j++) {
        sum -= factor[j][i] * weights[j];
      }
      weights[i] = sum / factor[i][i];
    }
  }
}
