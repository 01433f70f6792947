package io.kvasir.engine.model;

import io.kvasir.kernel.Floats;
import io.kvasir.kernel.PackedMatrix;

/** A matrix and, in some models, a bias. */
final class Linear {
  private final PackedMatrix matrix;
  private final float[] bias; // [rows of the matrix], or empty

  Linear(PackedMatrix matrix, float[] bias) {
    this.matrix = matrix;
    this.bias = bias;
  }

  /** [m][n]. */
  PackedMatrix matrix() {
    return matrix;
  }

  /** Adds the bias to row t of y. */
  void addBias(float[] y, int t) {
    if (bias.length > 0) {
      Floats.add(bias, 0, y, t * bias.length, bias.length);
    }
  }
}
