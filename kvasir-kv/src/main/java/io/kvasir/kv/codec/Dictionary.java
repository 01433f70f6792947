package io.kvasir.kv.codec;

import io.kvasir.kernel.Floats;

/**
 * Unit vectors of which rows are put together.
 *
 * @param atoms [N][dim]
 * @param turned the same, [dim][N], for comparing a row with all of them at once
 * @param dim of an atom
 */
@SuppressWarnings("ArrayRecordComponent") // shared with the calibration they come from
record Dictionary(float[] atoms, float[] turned, int dim) {
  /** A dictionary of these atoms. */
  static Dictionary of(float[] atoms, int dim) {
    int size = atoms.length / dim;
    float[] turned = new float[atoms.length];
    for (int n = 0; n < size; n++) {
      for (int d = 0; d < dim; d++) {
        turned[d * size + n] = atoms[n * dim + d];
      }
    }
    return new Dictionary(atoms, turned, dim);
  }

  int size() {
    return atoms.length / dim;
  }

  /** {@code out[n] = atom n . x}. */
  void correlate(float[] x, int at, float[] out) {
    Floats.sumOfRows(x, at, dim, turned, size(), out);
  }

  double dot(int atom, int other) {
    return Floats.dot(atoms, atom * dim, atoms, other * dim, dim);
  }
}
