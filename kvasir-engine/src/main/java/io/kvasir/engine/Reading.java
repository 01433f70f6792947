package io.kvasir.engine;

import io.kvasir.engine.model.LogitSink;
import java.util.Arrays;
import java.util.List;

/**
 * What a sequence wants to know of the tokens it reads: the logits after the last one, and on
 * request how probable each was. The tokens may come in several passes.
 */
final class Reading implements LogitSink {
  private static final float[] NOT_YET = {};

  private final int[] ids;
  private final int vocabulary;
  private final double[] nll; // of ids[1 ..]; empty when nobody asked
  private float[] last = NOT_YET;
  private int first; // the token that is row 0 of the current pass

  private Reading(int[] ids, int vocabulary, double[] nll) {
    this.ids = ids;
    this.vocabulary = vocabulary;
    this.nll = nll;
  }

  static Reading last(int[] ids, int vocabulary) {
    return new Reading(ids, vocabulary, new double[0]);
  }

  static Reading scored(int[] ids, int vocabulary) {
    return new Reading(ids, vocabulary, new double[ids.length - 1]);
  }

  /** One sink for a pass that has the rows of one reading after the other. */
  static LogitSink each(List<Reading> readings) {
    return new LogitSink() {
      @Override
      public boolean wants(int input, int row) {
        return readings.get(input).wants(0, row);
      }

      @Override
      public void accept(int input, int row, float[] logits, int at) {
        readings.get(input).accept(0, row, logits, at);
      }
    };
  }

  /** Row 0 of the next pass is {@code ids[token]}. */
  void passBeginsAt(int token) {
    first = token;
  }

  @Override
  public boolean wants(int input, int row) {
    return nll.length > 0 || first + row == ids.length - 1;
  }

  @Override
  public void accept(int input, int row, float[] logits, int at) {
    int next = first + row + 1;
    if (next == ids.length) {
      last = Arrays.copyOfRange(logits, at, at + vocabulary);
    } else {
      double scored = LogProbs.nll(logits, at, vocabulary, ids[next]);
      if (!Double.isFinite(scored)) {
        throw new ModelFormatException(
            "token %d has the log-probability %s; the model's weights are broken"
                .formatted(next, -scored));
      }
      nll[next - 1] = scored;
    }
  }

  /** The logits after the last token, [V]. */
  float[] logits() {
    return last;
  }

  Scores scores() {
    return new Scores(nll, last);
  }
}
