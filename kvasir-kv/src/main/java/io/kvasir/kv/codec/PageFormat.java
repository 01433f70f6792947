package io.kvasir.kv.codec;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

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

  /**
   * Bytes of the first page of a sequence: more where its first rows, which attention leans on
   * whatever they say, have room there to stay as they are.
   */
  default long firstPageBytes() {
    return pageBytes();
  }

  /** Of {@link #pageBytes}, what codes are scaled and moved by. */
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
   * Whether a single row takes so long to encode, tens of microseconds, that the rows of a step are
   * worth several threads.
   */
  default boolean laborious() {
    return false;
  }

  /**
   * Whether the rows of a prompt must come to {@link #fit} and {@link #encode} all together, for
   * they share something: they wait as raw rows until the last one is there.
   */
  default boolean sealsPromptAtOnce() {
    return false;
  }

  /**
   * Shows all rows that the next calls of {@link #encode} will bring, so that what they share can
   * be found: a basis, a dictionary. Forks of a sequence share its format from then on: what the
   * first call found must stay, and what later ones find belongs into the pages.
   */
  default void fit(RowSource rows) {}

  /**
   * The format of a fork: this one. Where {@link #fit} has yet to find what stays, one like it that
   * will find its own.
   */
  default PageFormat fork() {
    return this;
  }

  /**
   * Bytes held for this sequence beside the pages once {@code rows} rows are coded: what was found.
   */
  default long sideBytes(int rows) {
    return 0;
  }

  /**
   * Whether a row can be moved to another slot bit for bit, by {@link #move}. Where not, rows
   * behind a victim are decoded and encoded anew.
   */
  default boolean movable() {
    return group() == 1;
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

  /** Whether {@link #floats} gives something. */
  default boolean hasFloats() {
    return onFloats();
  }

  /**
   * The page as f32, for many queries at once: [D][64] of keys, [64][D] of values. Only where that
   * gives the same bits as the sums on codes, if there are such sums: scores are one sequence of
   * fma from 0 over the columns of it, d ascending, and {@link ValueFormat#accumulate} is one over
   * its rows, r ascending.
   *
   * @param room native memory for {@link #roomFloats}
   * @return the page itself (never of unrotated keys), {@code room} filled, or nothing; slots
   *     without a row hold anything
   */
  default Optional<MemorySegment> floats(MemorySegment page, MemorySegment room) {
    return Optional.empty();
  }

  /** Floats that {@link #floats} needs room for, beside its result whatever leads there. */
  default int roomFloats() {
    return ROWS * dim();
  }

  /**
   * Whether attention must go through {@link #floats}, for want of sums on codes: codes that mean
   * nothing before they are decoded.
   */
  default boolean onFloats() {
    return false;
  }

  /**
   * Whether decoded rows in fast precision meet codes even so: by {@link KeyFormat#roundedScores}
   * and {@link ValueFormat#accumulateRounded}.
   */
  default boolean roundsOnCodes() {
    return !onFloats();
  }

  /**
   * Copies the code of one row to another slot, bit for bit; only where {@link #movable}. The pages
   * may be the same.
   */
  default void move(MemorySegment from, int slot, MemorySegment to, int target) {
    throw new IllegalStateException(
        "rows of " + getClass().getSimpleName() + " are coded in groups of " + group());
  }
}
