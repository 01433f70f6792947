package io.kvasir.kv.codec;

import io.kvasir.kernel.Floats;

/**
 * Unit vectors of which rows are put together.
 *
 * @param atoms [N][dim]
 * @param turned the same, [dim][N], for comparing a row with all of them at once
 * @param own more of them, [own][dim], counted on from N: those of one sequence
 * @param dim of an atom
 */
@SuppressWarnings("ArrayRecordComponent") // shared with the calibration they come from
record Dictionary(float[] atoms, float[] turned, float[] own, int dim) {
  private static final float[] NONE = {};

  /** A dictionary that was learned: what {@link #of} made. */
  static Dictionary learned(float[] atoms, float[] turned, int dim) {
    return new Dictionary(atoms, turned, NONE, dim);
  }

  /** A dictionary of these atoms. */
  static Dictionary of(float[] atoms, int dim) {
    int size = atoms.length / dim;
    float[] turned = new float[atoms.length];
    for (int n = 0; n < size; n++) {
      for (int d = 0; d < dim; d++) {
        turned[d * size + n] = atoms[n * dim + d];
      }
    }
    return learned(atoms, turned, dim);
  }

  /** This one with more atoms, of length 1 or 0, behind its own. */
  Dictionary with(float[] more) {
    return new Dictionary(atoms, turned, more, dim);
  }

  /** N, and the sequence's own. */
  int size() {
    return (atoms.length + own.length) / dim;
  }

  /** {@code out[n] = atom n . x}. */
  void correlate(float[] x, int at, float[] out) {
    int learned = atoms.length / dim;
    Floats.sumOfRows(x, at, dim, turned, learned, out);
    for (int n = learned; n < size(); n++) {
      out[n] = Floats.dot(own, (n - learned) * dim, x, at, dim);
    }
  }

  double dot(int atom, int other) {
    return dot(atom, home(other), place(other));
  }

  double dot(int atom, float[] x, int at) {
    return Floats.dot(home(atom), place(atom), x, at, dim);
  }

  /** {@code x += weight * atom}. */
  void add(float weight, int atom, float[] x, int at) {
    Floats.axpy(weight, home(atom), place(atom), x, at, dim);
  }

  private float[] home(int atom) {
    return atom * dim < atoms.length ? atoms : own;
  }

  private int place(int atom) {
    return atom * dim < atoms.length ? atom * dim : atom * dim - atoms.length;
  }
}
