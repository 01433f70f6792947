package io.kvasir.engine.model;

import io.kvasir.engine.Precision;
import io.kvasir.kernel.ByteRows;
import io.kvasir.kernel.Products;
import io.kvasir.kernel.Workers;

/** How rows meet matrices: in f32, or in fast precision rounded to int8. One pass at a time. */
final class Multiplier {
  private final Precision precision;
  private final Workers workers;
  private final ByteRows rounded = new ByteRows(); // what enters the matrices at the moment

  Multiplier(Precision precision, Workers workers) {
    this.precision = precision;
    this.workers = workers;
  }

  /** {@code y[m][t] = matrix m times x[t]}, without biases; all gapless f32 [rows][..]. */
  void multiply(Products products, float[] x, int rows, float[]... y) {
    switch (precision) {
      case EXACT -> products.multiply(x, rows, workers, y);
      case FAST -> products.multiply(x, rows, rounded, workers, y);
    }
  }
}
