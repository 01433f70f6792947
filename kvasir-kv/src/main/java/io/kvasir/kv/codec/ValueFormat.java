package io.kvasir.kv.codec;

import io.kvasir.kernel.GroupSums;
import java.lang.foreign.MemorySegment;

/** How values are stored, and how weighted sums are taken of them. */
public non-sealed interface ValueFormat extends PageFormat {

  /**
   * Floats of an accumulator; more than D where a codec gathers side sums. All of them are linear
   * in the weights, so the online softmax may rescale the whole accumulator.
   */
  default int outputWidth() {
    return dim();
  }

  /**
   * Whether {@link #floats} gives rows as {@link #decode} does; a format read {@link #onFloats} may
   * give others, of which {@link #finishOutput} makes rows.
   */
  @Override
  default boolean hasFloats() {
    return onFloats();
  }

  /**
   * {@code acc[i] += sum_r weights[i][r] * v_r} over slots r in [0, rows), computed on codes. The
   * result of a query does not depend on the others of the call.
   *
   * @param weights [count][{@link #ROWS}]
   * @param rows encoded slots of the page, 1 to {@link #ROWS}
   * @param acc [count][outputWidth]
   */
  default void accumulate(float[] weights, int count, MemorySegment page, int rows, float[] acc) {
    FloatSums.accumulate(this, weights, count, page, rows, acc);
  }

  /**
   * {@link #accumulate} for decoded rows in fast precision: weights may be rounded, as in {@link
   * KeyFormat#roundedScores}.
   *
   * @param sums scratch memory of the calling thread
   */
  default void accumulateRounded(
      float[] weights, int count, MemorySegment page, int rows, float[] acc, GroupSums sums) {
    accumulate(weights, count, page, rows, acc);
  }

  /**
   * Does once per query what needs no page: adds side sums, rotates back, scales.
   *
   * @param acc {@link #outputWidth} floats
   * @param out receives f32[D]
   */
  default void finishOutput(float[] acc, int at, float[] out, int outAt) {
    System.arraycopy(acc, at, out, outAt, dim());
  }
}
