package io.kvasir.kernel;

/**
 * How 64 keys turn that lie column by column before their rotation, and which of their rows make a
 * pair; by {@link Rotary#turns}.
 *
 * @param half pairs; the rows behind them do not turn
 * @param table [half][64] cosines, then as many sines; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Turns(Rotary.Pairs pairs, int half, float[] table) {
  /** Keys of a page. */
  static final int COLUMNS = PageLayout.SLOTS;

  /** The first row of pair {@code i}. */
  int low(int i) {
    return pairs == Rotary.Pairs.HALVES ? i : 2 * i;
  }

  /** The second row of pair {@code i}. */
  int high(int i) {
    return pairs == Rotary.Pairs.HALVES ? i + half : 2 * i + 1;
  }

  /** Where the sines begin. */
  int sines() {
    return half * COLUMNS;
  }
}
