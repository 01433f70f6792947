package io.kvasir.kv.codec;

import io.kvasir.kernel.GroupSums;
import java.lang.foreign.MemorySegment;

/**
 * How rows of several KV heads are stored that are coded together: those of a layer, or of several
 * layers. A page has room for {@link PageFormat#ROWS} slots, and in each for a row of every member.
 * Attention reads such pages as f32, each member for itself.
 *
 * <p>Made once per sequence, group of heads and side, so it may hold state; a codec that can code
 * each head for itself makes groups of one.
 */
public interface JointFormat {
  /** Heads whose rows are coded together. */
  int members();

  /** D. */
  int dim();

  /** Bytes of a page. */
  long pageBytes();

  /** Bytes of the first page of a sequence; as {@link PageFormat#firstPageBytes}. */
  default long firstPageBytes() {
    return pageBytes();
  }

  /** Of {@link #pageBytes}, what codes are scaled and moved by. */
  default long scaleBytes() {
    return 0;
  }

  /** Whether keys are stored before rotation; as {@link KeyFormat#unrotated}. */
  boolean unrotated();

  /** Rows that are encoded together; as {@link PageFormat#group}. */
  default int group() {
    return 1;
  }

  /** How many of the oldest raw rows are to be encoded now; as {@link PageFormat#sealable}. */
  default int sealable(int rawRows) {
    return rawRows;
  }

  /** As {@link PageFormat#sealsPromptAtOnce}. */
  default boolean sealsPromptAtOnce() {
    return false;
  }

  /** As {@link PageFormat#fit}, rows of all members. */
  default void fit(RowSource rows) {}

  /** As {@link PageFormat#fork}. */
  default JointFormat fork() {
    return this;
  }

  /** Bytes held beside the pages; as {@link PageFormat#sideBytes}. */
  default long sideBytes(int rows) {
    return 0;
  }

  /**
   * Encodes rows to slots {@code slot ..} of a page; as {@link PageFormat#encode}.
   *
   * @param rows of each member, as many of each
   */
  void encode(RawPage[] rows, MemorySegment page, int slot);

  /** Decodes slots {@code slot .. slot+out.rows()} of one member into {@code out}. */
  void decode(int member, MemorySegment page, int slot, RawPage out);

  /** Whether {@link #move} works; as {@link PageFormat#movable}. Asked of groups of one. */
  default boolean movable() {
    return false;
  }

  /** Copies the code of a slot, all members of it; as {@link PageFormat#move}. */
  default void move(MemorySegment from, int slot, MemorySegment to, int target) {
    throw new IllegalStateException(
        "rows of " + getClass().getSimpleName() + " are decoded and coded anew");
  }

  /**
   * One member's rows of a whole page as f32: [D][64] of keys, [64][{@link #outputWidth}] of
   * values. Slots without a row may hold anything.
   */
  void floats(int member, MemorySegment page, MemorySegment room);

  /** As {@link PageFormat#roundsOnCodes}. */
  default boolean roundsOnCodes() {
    return false;
  }

  /**
   * One member's sums on codes, only where {@link #roundsOnCodes}: {@code out[i][r] += q_i . k_r}
   * of queries as {@link KeyFormat#roundedScores} has it, {@code out[i][d] += sum_r w_i[r] v_r[d]}
   * of weights as {@link ValueFormat#accumulateRounded}. Of the whole page.
   *
   * @param x queries or weights, [count][..]
   * @param out 0 for scores; rows padded as {@link io.kvasir.kernel.FloatTile#padded} says
   */
  default void addRounded(
      int member, float[] x, int count, MemorySegment page, float[] out, GroupSums sums) {
    throw new IllegalStateException(getClass().getSimpleName() + " has no sums on codes");
  }

  /** As {@link PageFormat#roomFloats}. */
  default int roomFloats() {
    return PageFormat.ROWS * dim();
  }

  /** Floats of a row of values that attention sums; as {@link ValueFormat#outputWidth}. */
  default int outputWidth() {
    return dim();
  }

  /**
   * Whether sums of values are sums of rows as {@link #decode} gives them, before {@link
   * #finishOutput}: then a page of f32 may hold raw rows beside decoded ones.
   */
  default boolean sumsAreRows() {
    return outputWidth() == dim();
  }

  /** Makes D numbers of a sum of values; as {@link ValueFormat#finishOutput}. */
  default void finishOutput(int member, float[] acc, int at, float[] out, int outAt) {
    System.arraycopy(acc, at, out, outAt, dim());
  }
}
