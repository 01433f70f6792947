package io.kvasir.kv;

import io.kvasir.kernel.Rotary;
import io.kvasir.kv.codec.KeyFormat;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.RawPage;
import io.kvasir.kv.codec.Shortening;
import io.kvasir.kv.codec.ValueFormat;
import java.util.Arrays;

/** Makes the pairs of one head fewer whenever they fill it, as {@link Shortening} says. */
final class Shortener {
  private static final float[] NONE = {};

  private final Shortening how;
  private final Rotary rotary;
  private int made; // slots at the front that are not as they arrived
  private float[] sinks = NONE; // keys before rotation, once they must be turned; never changed

  Shortener(Shortening how, Rotary rotary) {
    this.how = how;
    this.rotary = rotary;
  }

  /** Pairs that fill the head. */
  int capacity() {
    return how.capacity();
  }

  /**
   * Slots at the front that are not as they arrived: sinks that were turned, rows that were made.
   */
  int made() {
    return made;
  }

  long bytes() {
    return Float.BYTES * (long) sinks.length;
  }

  /** What {@link #bytes} are after {@code seen} tokens. */
  static long bytesFor(Shortening how, int keyDim, int seen) {
    return seen < how.capacity() ? 0 : (long) Float.BYTES * how.sinks() * keyDim;
  }

  /**
   * Shortens the two sides of a full head.
   *
   * @param first position of slot 0
   * @return pairs that the head has less; slot 0 is now that much later
   */
  int shorten(Side<KeyFormat> keys, Side<ValueFormat> values, int first) {
    int freed = how.span() - how.left();
    replace(keys, shortKeys(keys, first, freed));
    replace(values, shortened(rows(values), values.format().dim()));
    made = how.sinks() + how.left();
    return freed;
  }

  /** The keys that are left, rotated to the positions from {@code first + freed} on. */
  private float[] shortKeys(Side<KeyFormat> side, int first, int freed) {
    int dim = side.format().dim();
    float[] keys = rows(side);
    for (int slot = 0; slot < how.sinks() + how.span(); slot++) {
      rotary.rotate(keys, slot * dim, 1, 0, -(first + slot));
    }
    if (made == 0) {
      sinks = Arrays.copyOf(keys, how.sinks() * dim);
    }
    float[] left = shortened(keys, dim);
    System.arraycopy(sinks, 0, left, 0, sinks.length);
    for (int slot = 0; slot < how.sinks() + how.left(); slot++) {
      rotary.rotate(left, slot * dim, 1, 0, first + freed + slot);
    }
    return left;
  }

  /** Sinks, what the span has become, and the newest rows. */
  private float[] shortened(float[] rows, int dim) {
    int from = how.sinks() * dim;
    int to = from + how.span() * dim;
    float[] span = Arrays.copyOfRange(rows, from, to);
    float[] made = how.transform().apply(span, how.span(), dim, how.left());
    float[] left = new float[rows.length - span.length + made.length];
    System.arraycopy(rows, 0, left, 0, from);
    System.arraycopy(made, 0, left, from, made.length);
    System.arraycopy(rows, to, left, from + made.length, rows.length - to);
    return left;
  }

  /** All rows of a full side, [capacity][D]. */
  private float[] rows(Side<?> side) {
    int dim = side.format().dim();
    float[] rows = new float[how.capacity() * dim];
    for (int slot = 0; slot < how.capacity(); slot += PageFormat.ROWS) {
      RawPage page = RawPage.of(Math.min(PageFormat.ROWS, how.capacity() - slot), dim);
      side.read(slot, page);
      System.arraycopy(page.values(), 0, rows, slot * dim, page.values().length);
    }
    return rows;
  }

  private static void replace(Side<?> side, float[] rows) {
    int dim = side.format().dim();
    side.retain(new int[0]);
    side.appendAll(rows, 0, dim, rows.length / dim);
  }

  Shortener fork() {
    Shortener copy = new Shortener(how, rotary);
    copy.made = made;
    copy.sinks = sinks;
    return copy;
  }

  /** Nothing has been shortened: the head is empty. */
  void reset() {
    made = 0;
    sinks = NONE;
  }
}
