package io.kvasir.kv.score;

import io.kvasir.kv.calibration.SecondMoment;

/** The direction in which rows lie, by their own lengths: the first right singular vector. */
final class MainDirection {
  private MainDirection() {}

  /**
   * The unit vector v with the largest sum of (row . v)^2, on the side where more than half of the
   * rows are.
   *
   * @param rows [N][dim], not centred
   */
  static double[] of(float[] rows, int dim) {
    SecondMoment moment = new SecondMoment(dim);
    for (int at = 0; at < rows.length; at += dim) {
      moment.add(rows, at);
    }
    double[] direction = moment.axes().getFirst().vector();
    int ahead = 0;
    for (int at = 0; at < rows.length; at += dim) {
      ahead += dot(rows, at, direction) > 0 ? 1 : -1;
    }
    double sign = ahead < 0 ? -1 : 1;
    for (int d = 0; d < dim; d++) {
      direction[d] *= sign;
    }
    return direction;
  }

  private static double dot(float[] rows, int at, double[] direction) {
    double sum = 0;
    for (int d = 0; d < direction.length; d++) {
      sum += rows[at + d] * direction[d];
    }
    return sum;
  }
}
