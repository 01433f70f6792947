package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/** Scalar twin that defines {@link AtomSums}. */
public final class AtomSumsRef {
  private AtomSumsRef() {}

  /** Twin of {@link AtomSums#rows}. */
  public static void rows(
      MemorySegment codes, int rows, int each, float[] atoms, float[] more, int dim, float[] out) {
    int size = atoms.length / dim;
    int last = size + more.length / dim - 1;
    for (int i = 0; i < rows; i++) {
      for (int d = 0; d < dim; d++) {
        float sum = 0;
        for (int a = 0; a < each; a++) {
          int word = codes.get(Tile.INT, 4L * (i * each + a));
          float weight = Float.float16ToFloat((short) (word >> 16));
          int atom = Math.min(word & 0xffff, last);
          float x = atom < size ? atoms[atom * dim + d] : more[(atom - size) * dim + d];
          sum = Math.fma(x, weight, sum);
        }
        out[i * dim + d] = sum;
      }
    }
  }
}
