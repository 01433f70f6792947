package io.kvasir.engine.model;

import io.kvasir.kernel.Products;
import java.util.List;

/**
 * The end of a pass: final norm and output matrix, for those rows alone whose logits are wanted.
 */
final class OutputHead {
  private static final int ROWS = 32;

  /** Floats of logits held at most, unless one row has more. */
  private static final int MOST_LOGITS = 1 << 23;

  private final Weights weights;
  private final Products output;
  private final Multiplier multiplier;
  private final int hidden;
  private final int vocabulary;
  private float[] normed = {}; // [rows][hidden]
  private float[] logits = {}; // [rows][V]

  /** Row {@code row} of input {@code input}, whose hidden state is row {@code at} of x. */
  @SuppressWarnings("ArrayRecordComponent") // a view of the states
  record Wanted(int input, int row, float[] x, int at) {}

  OutputHead(ModelConfig config, Weights weights, Multiplier multiplier) {
    this.weights = weights;
    this.output = new Products(weights.output());
    this.multiplier = multiplier;
    this.hidden = config.hidden();
    this.vocabulary = config.vocabularySize();
  }

  /** Hands the logits of rows to a sink. */
  RowSink before(LogitSink sink) {
    return new RowSink() {
      @Override
      public boolean wants(int input, int row) {
        return sink.wants(input, row);
      }

      @Override
      public void accept(List<Wanted> rows) {
        emit(rows, sink);
      }
    };
  }

  void emit(List<Wanted> wanted, LogitSink sink) {
    int rowsAtOnce = Math.clamp(MOST_LOGITS / vocabulary, 1, ROWS);
    for (int from = 0; from < wanted.size(); from += rowsAtOnce) {
      List<Wanted> some = wanted.subList(from, Math.min(wanted.size(), from + rowsAtOnce));
      reserve(some.size());
      for (int i = 0; i < some.size(); i++) {
        weights.outputNorm().apply(some.get(i).x(), some.get(i).at() * hidden, normed, i * hidden);
      }
      multiplier.multiply(output, normed, some.size(), logits);
      for (int i = 0; i < some.size(); i++) {
        sink.accept(some.get(i).input(), some.get(i).row(), logits, i * vocabulary);
      }
    }
  }

  private void reserve(int rows) {
    if (logits.length < rows * vocabulary) {
      normed = new float[rows * hidden];
      logits = new float[rows * vocabulary];
    }
  }
}
