package io.kvasir.kv.codec;

/**
 * How the pairs of a head become fewer whenever they fill its room: the first and the newest stay,
 * those between are replaced by fewer rows that stand for all of them. What a head stores is then
 * less than what it has seen, and the rows that were made are no token's.
 *
 * <p>The pairs of a head stand at the positions right before that of the next token, without a gap:
 * so far apart are they for attention, however much lies behind them. Keys are shortened as they
 * were before rotation, and turned to their new positions.
 *
 * @param capacity pairs that fill a head
 * @param sinks first pairs, which stay
 * @param recent newest pairs, which stay
 * @param left rows that the others become
 * @param transform how
 */
public record Shortening(int capacity, int sinks, int recent, int left, Transform transform) {

  /** Makes few rows of many. */
  @FunctionalInterface
  public interface Transform {
    /**
     * The rows that stand for others.
     *
     * @param rows [count][dim]
     * @return [left][dim]
     */
    float[] apply(float[] rows, int count, int dim, int left);
  }

  /** Pairs that are replaced. */
  public int span() {
    return capacity - sinks - recent;
  }

  /** Pairs that a head stores once it has seen so many tokens. */
  public int stored(int seen) {
    int freed = span() - left;
    return seen < capacity ? seen : capacity - freed + (seen - capacity) % freed;
  }
}
