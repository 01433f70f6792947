package io.kvasir.kv.codec;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.kvasir.kernel.AtomSums;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Rows as a few atoms of a dictionary. Page layout, version 1, little-endian, of rows that are cut
 * into c chunks of s atoms each:
 *
 * <pre>
 *   offset                     bytes  field
 *   4 ((slot c + chunk) s + i)     2  number of the chunk's atom i
 *                              + 2 2  its weight, f16; 0 where fewer atoms were needed
 * </pre>
 *
 * @param learned found when first needed: a form can be made before anything was learned
 * @param own what the sequence adds to it
 */
record SparseRows(Supplier<Dictionary> learned, OwnAtoms own, int dim, int chunks, int atoms) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final float LIMIT = 65504; // of weights, which are f16

  private static final String NAME = "csr";

  /** A decoded page of the calling thread. */
  private static final ThreadLocal<float[]> PAGE = ThreadLocal.withInitial(() -> new float[0]);

  /** For a fork. */
  SparseRows fork() {
    return new SparseRows(learned, own.fork(), dim, chunks, atoms);
  }

  private Dictionary dictionary() {
    return own.beside(learned.get());
  }

  private int rowBytes() {
    return 4 * chunks * atoms;
  }

  long pageBytes() {
    return (long) PageFormat.ROWS * rowBytes();
  }

  void encode(RawPage rows, MemorySegment page, int slot) {
    rows.checkPlace(NAME, dim, slot);
    rows.checkMagnitude(NAME, LIMIT);
    Pursuit pursuit = new Pursuit(dictionary(), atoms);
    for (int i = 0; i < rows.rows() * chunks; i++) {
      pursuit.code(rows.values(), i * (dim / chunks));
      long at = (long) slot * rowBytes() + 4L * atoms * i;
      for (int a = 0; a < atoms; a++) {
        boolean used = a < pursuit.count();
        float weight = used ? Math.clamp(pursuit.weight(a), -LIMIT, LIMIT) : 0;
        page.set(SHORT, at + 4L * a, used ? (short) pursuit.atom(a) : 0);
        page.set(SHORT, at + 4L * a + 2, Float.floatToFloat16(weight));
      }
    }
  }

  void decode(MemorySegment page, int slot, RawPage out) {
    out.checkPlace(NAME, dim, slot);
    Dictionary from = dictionary();
    int chunk = dim / chunks;
    Arrays.fill(out.values(), 0, out.rows() * dim, 0);
    for (int i = 0; i < out.rows() * chunks; i++) {
      long at = (long) slot * rowBytes() + 4L * atoms * i;
      for (int a = 0; a < atoms; a++) {
        int atom = Short.toUnsignedInt(page.get(SHORT, at + 4L * a));
        float weight = Float.float16ToFloat(page.get(SHORT, at + 4L * a + 2));
        if (weight != 0 && atom < from.size()) { // slots without a row hold anything
          from.add(weight, atom, out.values(), i * chunk);
        }
      }
    }
  }

  /** All rows of a page as f32, [64][D], in memory of the calling thread. */
  float[] decode(MemorySegment page) {
    float[] all = PAGE.get();
    if (all.length < PageFormat.ROWS * dim) {
      all = new float[PageFormat.ROWS * dim];
      PAGE.set(all);
    }
    Dictionary from = dictionary();
    int rows = PageFormat.ROWS * chunks;
    AtomSums.rows(page, rows, atoms, from.atoms(), from.own(), dim / chunks, all);
    return all;
  }

  void move(MemorySegment from, int slot, MemorySegment to, int target) {
    MemorySegment.copy(from, (long) slot * rowBytes(), to, (long) target * rowBytes(), rowBytes());
  }
}
