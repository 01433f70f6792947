package io.kvasir.kv.codec;

import io.kvasir.kernel.FloatTile;
import io.kvasir.kernel.GroupSums;
import io.kvasir.kernel.TurnedTile;
import io.kvasir.kernel.Turns;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** How keys are stored, and how queries meet them. */
public non-sealed interface KeyFormat extends PageFormat {

  /**
   * Whether keys are stored as they were before rotation. They are rotated back before {@link
   * #encode}; what {@link #decode} and {@link #floats} give is turned to its positions by whoever
   * reads it. Such a format is read {@link #onFloats}, or by {@link #turnedScores}.
   */
  default boolean unrotated() {
    return false;
  }

  /** Floats of a prepared query; more than D where a codec adds sums or tables. */
  default int queryWidth() {
    return dim();
  }

  /**
   * Does once per query what needs no page: rotates, folds scales in, sums groups.
   *
   * @param q f32[D], rotated and already multiplied by the softmax scale
   * @param prepared receives {@link #queryWidth} floats
   */
  default void prepareQuery(float[] q, int at, float[] prepared, int preparedAt) {
    System.arraycopy(q, at, prepared, preparedAt, dim());
  }

  /**
   * {@code out[i][r] = q_i . k_r} for slots r in [0, rows), computed on codes. The result of a
   * query does not depend on the others of the call.
   *
   * @param queries prepared, [count][queryWidth]
   * @param rows encoded slots of the page, 1 to {@link #ROWS}
   * @param out [count][{@link #ROWS}]; what it holds for slots from {@code rows} on is of no use
   */
  default void scores(float[] queries, int count, MemorySegment page, int rows, float[] out) {
    FloatSums.scores(this, queries, count, page, out);
  }

  /**
   * {@link #scores} for decoded rows in fast precision: queries may be rounded, at least as finely
   * as to a 127th of the largest number of a block, which is how llama.cpp meets coded keys.
   *
   * @param sums scratch memory of the calling thread
   */
  default void roundedScores(
      float[] queries, int count, MemorySegment page, int rows, float[] out, GroupSums sums) {
    scores(queries, count, page, rows, out);
  }

  /**
   * Scores of decoded rows in fast precision where keys are stored {@link #unrotated}: {@code
   * out[i][r] = q_i . R_r k_r}.
   *
   * @param queries [count][D], as they meet this page; rows of queries and out padded as {@link
   *     FloatTile#padded} says
   * @param turns R of every slot
   * @param room native memory for {@link #roomFloats} floats
   */
  default void turnedScores(
      float[] queries,
      int count,
      MemorySegment page,
      Turns turns,
      MemorySegment room,
      float[] out) {
    int padded = FloatTile.padded(count);
    Arrays.fill(out, 0, padded * ROWS, 0);
    TurnedTile.multiplyAdd(queries, dim(), padded, floats(page, room).orElseThrow(), turns, out);
  }
}
