package io.kvasir.kv.codec;

import io.kvasir.kernel.Floats;
import java.util.Optional;

/**
 * Atoms that a sequence adds to a dictionary: directions of its own rows, from the last row of the
 * prompt backwards. A text comes back to what it spoke of; the newest rows are like those to come.
 * "Reverse sequential sampling" of Zhang et al. 2024, arXiv:2412.11741.
 */
final class OwnAtoms {
  private final int count;
  private final int dim; // of an atom
  private final int chunks; // atoms that a row gives
  private Optional<float[]> found =
      Optional.empty(); // [count][dim], of length 1, or 0 of rows of 0

  /**
   * @param count a multiple of {@code chunks}; may be 0
   * @param rowDim D
   * @param chunks of a row, which become atoms each
   */
  OwnAtoms(int count, int rowDim, int chunks) {
    this.count = count;
    this.dim = rowDim / chunks;
    this.chunks = chunks;
  }

  /** Whether there shall be any. */
  boolean wanted() {
    return count > 0;
  }

  /** Rows to code now: a prompt that has no more rows than it gives atoms stays as it is. */
  int sealable(int rawRows) {
    return !wanted() || found.isPresent() || rawRows > count ? rawRows : 0;
  }

  /** Finds them in the first rows that come, and never again. */
  void find(RowSource rows) {
    if (wanted() && found.isEmpty()) {
      float[] atoms = new float[count * dim];
      for (int i = 0; i < count / chunks; i++) {
        rows.read(0, rows.rows() - 1 - i, atoms, i * chunks * dim);
      }
      for (int at = 0; at < atoms.length; at += dim) {
        double length = Math.sqrt(Floats.sumOfSquares(atoms, at, dim));
        if (length > 0) {
          Floats.scale((float) (1 / length), atoms, at, dim);
        }
      }
      found = Optional.of(atoms);
    }
  }

  Dictionary beside(Dictionary learned) {
    return found.map(learned::with).orElse(learned);
  }

  /** These, once they are found; before, others to be found. */
  OwnAtoms fork() {
    return found.isPresent() ? this : new OwnAtoms(count, dim * chunks, chunks);
  }

  /** What they take once so many rows are coded. */
  long bytes(int coded) {
    return coded == 0 && found.isEmpty() ? 0 : 4L * count * dim;
  }
}
