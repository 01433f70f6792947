package io.kvasir.engine.model;

import io.kvasir.engine.model.OutputHead.Wanted;
import java.util.List;

/** Takes rows that have passed the layers, before the output head. */
interface RowSink {
  /** As {@link LogitSink#wants}. */
  boolean wants(int input, int row);

  /** The rows that were wanted, when a step has ended; their states are valid during the call. */
  void accept(List<Wanted> rows);
}
