package io.kvasir.kv;

import io.kvasir.kernel.MeanRotation;

/**
 * How the queries of one head were spread before their rotation.
 *
 * @param mean m, [D]
 * @param covariance S, [D*D], of the population: divided by the number of queries
 */
@SuppressWarnings("ArrayRecordComponent") // made anew for each reader
public record QueryMoments(double[] mean, double[] covariance) {

  /** The moments of the queries after a mean rotation R: {@code R m} and {@code R S R'}. */
  public QueryMoments turned(MeanRotation by) {
    double[] turned = mean.clone();
    by.turn(turned, 0);
    return new QueryMoments(turned, turnedRows(turnedRows(covariance, by), by));
  }

  /** {@code (A R')'}, which is {@code R A} for a symmetric A. */
  private double[] turnedRows(double[] a, MeanRotation by) {
    int dim = mean.length;
    double[] row = new double[dim];
    double[] transposed = new double[dim * dim];
    for (int i = 0; i < dim; i++) {
      System.arraycopy(a, i * dim, row, 0, dim);
      by.turn(row, 0);
      for (int j = 0; j < dim; j++) {
        transposed[j * dim + i] = row[j];
      }
    }
    return transposed;
  }
}
