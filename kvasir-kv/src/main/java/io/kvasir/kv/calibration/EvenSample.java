package io.kvasir.kv.calibration;

/**
 * So many of a number of rows, evenly spaced: as good as chance, and without a seed. Rows must not
 * repeat a pattern: of tokens, not of the heads of every token, whose number may divide the step.
 *
 * @param rows that come, in order
 * @param wanted how many of them are taken; all where there are no more
 */
public record EvenSample(long rows, int wanted) {
  /** How many are taken. */
  public int size() {
    return (int) Math.min(rows, wanted);
  }

  /** Whether row {@code index}, counted from 0, is one of them. */
  public boolean takes(long index) {
    return (index + 1) * size() / rows > index * size() / rows;
  }
}
