package io.kvasir.eval.cost;

import io.kvasir.kv.KvBytes;

/**
 * What was measured of one plan, once.
 *
 * @param kv held in the end
 * @param rssPeak the most that was resident over the loaded model, in bytes
 * @param heldPeak the most that pages took, in bytes: the cache and, while the prompt was read, one
 *     raw layer
 * @param ttftMs from prompt to first token
 * @param compressMs of those: compression
 * @param prefillTps tokens of the prompt per second, until the first token
 * @param decodeTps tokens per second
 */
public record CostSample(
    KvBytes kv,
    long rssPeak,
    long heldPeak,
    double ttftMs,
    double compressMs,
    double prefillTps,
    double decodeTps) {
  private static final double SHARE = 0.05;
  private static final double FIXED = 8e6;

  /** Whether the memory that the process took is what it says it holds, to 5 % and 8 MB. */
  public boolean isExplained() {
    return Math.abs(rssPeak - heldPeak) <= SHARE * heldPeak + FIXED;
  }
}
