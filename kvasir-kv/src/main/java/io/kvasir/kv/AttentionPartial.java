package io.kvasir.kv;

import io.kvasir.kernel.ExpRef;
import io.kvasir.kernel.FloatTile;
import io.kvasir.kernel.Floats;
import java.util.Arrays;

/**
 * Attention over a part of the pairs, for several queries: the running maximum m of the scores, the
 * sum l of exp(score - m), and the values weighted with exp(score - m). Partials over disjoint
 * pairs merge exactly; the empty one is m = -inf, l = 0.
 */
final class AttentionPartial {
  private int count;
  private int width;
  private int rawWidth;

  /** m, [count]. */
  float[] max = {};

  /** l, [count]. */
  float[] sum = {};

  /** Accumulators of the value format over coded rows, [padded count][outputWidth]. */
  float[] acc = {};

  /** Weighted sum of raw rows, [count][D]. */
  float[] rawAcc = {};

  void reset(AttentionBlock block) {
    count = block.queries();
    width = block.values().format().outputWidth();
    rawWidth = block.values().format().dim();
    max = AttentionScratch.atLeast(max, count);
    sum = AttentionScratch.atLeast(sum, count);
    int padded = FloatTile.padded(count);
    acc = AttentionScratch.atLeast(acc, padded * width);
    rawAcc = AttentionScratch.atLeast(rawAcc, count * rawWidth);
    Arrays.fill(max, 0, count, Float.NEGATIVE_INFINITY);
    Arrays.fill(sum, 0, count, 0);
    Arrays.fill(acc, 0, padded * width, 0);
    Arrays.fill(rawAcc, 0, count * rawWidth, 0);
  }

  /**
   * Raises the maximum of query {@code i} to {@code newMax} and rescales what was summed so far.
   */
  void raise(int i, float newMax) {
    if (newMax > max[i]) {
      rescale(i, ExpRef.exp(max[i] - newMax));
      max[i] = newMax;
    }
  }

  /** Adds a partial over other pairs. */
  void merge(AttentionPartial other) {
    for (int i = 0; i < count; i++) {
      if (other.max[i] == Float.NEGATIVE_INFINITY) {
        continue;
      }
      raise(i, other.max[i]);
      float factor = ExpRef.exp(other.max[i] - max[i]);
      sum[i] = Math.fma(other.sum[i], factor, sum[i]);
      Floats.axpy(factor, other.acc, i * width, acc, i * width, width);
      Floats.axpy(factor, other.rawAcc, i * rawWidth, rawAcc, i * rawWidth, rawWidth);
    }
  }

  private void rescale(int i, float factor) {
    sum[i] *= factor;
    Floats.scale(factor, acc, i * width, width);
    Floats.scale(factor, rawAcc, i * rawWidth, rawWidth);
  }
}
