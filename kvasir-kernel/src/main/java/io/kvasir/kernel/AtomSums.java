package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.N;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Rows that are a few weighted atoms of a dictionary each. Defined by {@link AtomSumsRef}.
 *
 * <p>A row's code is one word for each of its atoms: the number of the atom in the low half, its
 * weight as f16 in the upper.
 */
public final class AtomSums {
  private AtomSums() {}

  /**
   * {@code out[i][d] = sum over a of weight[i][a] * atoms[atom[i][a]][d]}: from 0, by fma, a
   * ascending. Atoms are counted on from {@code atoms} into {@code more}. Where a code names an
   * atom that is not there, the last one stands for it.
   *
   * @param codes native, words[rows][each], little-endian
   * @param each atoms of a row
   * @param atoms [dictionary][dim], at least one
   * @param more [more][dim], may be none
   * @param out [rows][dim]
   */
  public static void rows(
      MemorySegment codes, int rows, int each, float[] atoms, float[] more, int dim, float[] out) {
    long first = Native.address(codes, 0, 4L * rows * each);
    if (dim < N) {
      AtomSumsRef.rows(codes, rows, each, atoms, more, dim, out);
      return;
    }
    for (int i = 0; i < rows; i++) {
      row(first + 4L * i * each, each, atoms, more, dim, out, i * dim);
    }
  }

  private static void row(
      long code, int each, float[] atoms, float[] more, int dim, float[] out, int to) {
    int size = atoms.length / dim;
    int last = size + more.length / dim - 1;
    for (int d = 0; d < dim; d += 2 * N) {
      int x = Math.min(d, dim - N); // what two vectors have in common is computed twice
      int y = Math.min(d + N, dim - N);
      FloatVector sum = FloatVector.zero(F);
      FloatVector other = sum;
      for (int a = 0; a < each; a++) {
        int word = Native.word(code + 4L * a);
        int atom = Math.min(word & 0xffff, last);
        float[] from = atom < size ? atoms : more;
        int at = (atom < size ? atom : atom - size) * dim;
        FloatVector weight = FloatVector.broadcast(F, Float.float16ToFloat((short) (word >> 16)));
        sum = FloatVector.fromArray(F, from, at + x).fma(weight, sum);
        other = FloatVector.fromArray(F, from, at + y).fma(weight, other);
      }
      sum.intoArray(out, to + x);
      other.intoArray(out, to + y);
    }
  }

  /**
   * Rows side by side: {@code out[d][i] = in[i][d]}.
   *
   * @param in [64][dim]
   * @param out native, f32[dim][64]
   */
  public static void columns(float[] in, int dim, MemorySegment out) {
    int rows = PageLayout.SLOTS;
    long to = Native.address(out, 0, 4L * rows * dim);
    for (int d = 0; d < dim; d++) {
      long column = to + 4L * rows * d;
      for (int i = 0; i < rows; i++) {
        Native.put(column + 4L * i, in[i * dim + d]);
      }
    }
  }
}
