package io.kvasir.engine.model;

import io.kvasir.kernel.Bf16Products;
import io.kvasir.kernel.Bf16Rows;
import io.kvasir.kernel.Floats;
import io.kvasir.kernel.PackedMatrix;
import io.kvasir.kernel.Rows;
import io.kvasir.kernel.Workers;

/** A matrix and, in some models, a bias. */
final class Linear {
  private final PackedMatrix matrix;
  private final float[] bias; // [rows of the matrix], or empty

  Linear(PackedMatrix matrix, float[] bias) {
    this.matrix = matrix;
    this.bias = bias;
  }

  /** {@code y[t] = matrix x[t]} without the bias, x gapless f32 [tokens][n], y [tokens][m]. */
  void multiply(float[] x, int tokens, float[] y, Workers workers) {
    matrix.multiply(x, tokens, y, workers);
  }

  /** The same in bf16, for rows of a prompt. */
  void multiply(Bf16Rows x, int rows, float[] y, Bf16Products products) {
    products.multiply(matrix, x, rows, Rows.of(y, matrix.rows()));
  }

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
