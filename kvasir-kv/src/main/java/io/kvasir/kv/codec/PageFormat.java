package io.kvasir.kv.codec;

import java.lang.foreign.MemorySegment;

/**
 * The layout of one side's pages. A page has room for {@link #ROWS} rows of one KV head; rows are
 * encoded from slot 0 upwards and a page may be partly filled.
 */
public sealed interface PageFormat permits KeyFormat, ValueFormat {
  /** Slots of a page. */
  int ROWS = 64;

  /** D. */
  int dim();

  /** Bytes of a page, room for all {@link #ROWS} rows. */
  long pageBytes();

  /** Of those, what codes are scaled and moved by. */
  default long scaleBytes() {
    return 0;
  }

  /**
   * Rows that are encoded together, a divisor of {@link #ROWS}. With 1 every row is coded for
   * itself: it can be dropped alone, and moved without a change of its bits.
   */
  default int group() {
    return 1;
  }

  /**
   * Given so many raw rows, how many of the oldest are to be encoded now; a multiple of {@link
   * #group}. Called after every step. What stays raw is the codec's residual window, held in f16.
   */
  default int sealable(int rawRows) {
    return rawRows;
  }

  /**
   * Encodes {@code rows} to slots {@code slot ..} of a page. A value that the format cannot hold,
   * NaN and infinity among them, is refused with an {@link IllegalArgumentException} before any
   * byte is written.
   *
   * @param slot a multiple of {@link #group}; so is {@code rows.rows()}
   */
  void encode(RawPage rows, MemorySegment page, int slot);

  /** Decodes slots {@code slot .. slot+out.rows()} of a page into {@code out}. */
  void decode(MemorySegment page, int slot, RawPage out);

  /**
   * Copies the code of one row to another slot, bit for bit; only where {@link #group} is 1. The
   * pages may be the same.
   */
  default void move(MemorySegment from, int slot, MemorySegment to, int target) {
    throw new IllegalStateException(
        "rows of " + getClass().getSimpleName() + " are coded in groups of " + group());
  }
}
