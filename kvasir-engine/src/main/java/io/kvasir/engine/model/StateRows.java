package io.kvasir.engine.model;

import io.kvasir.engine.model.OutputHead.Wanted;
import java.util.Arrays;
import java.util.List;

/** Keeps the final hidden states of all tokens of one sequence. */
final class StateRows implements RowSink {
  private final int hidden;
  private final float[][] states;

  StateRows(int tokens, int hidden) {
    this.hidden = hidden;
    this.states = new float[tokens][];
  }

  @Override
  public boolean wants(int input, int row) {
    return true;
  }

  @Override
  public void accept(List<Wanted> rows) {
    for (Wanted row : rows) {
      int at = row.at() * hidden;
      states[row.row()] = Arrays.copyOfRange(row.x(), at, at + hidden);
    }
  }

  /** [tokens][hidden], once the pass is over. */
  float[][] states() {
    return states;
  }
}
