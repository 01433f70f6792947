package io.kvasir.kv.score;

import io.kvasir.kv.CutPoint;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Protection;
import io.kvasir.kv.Signals;
import java.util.Optional;

/**
 * How much does each pair matter? A scorer gives numbers; keeping the best of them within the
 * budget, with ties to the lower position and NaN last, is done once for all scorers.
 */
public interface Scorer {

  /** What the method looks at. */
  Signals needs();

  /** Pairs the method never drops, unless the plan's {@code protect} says otherwise. */
  default Protection protects(CutPoint at) {
    return Protection.NONE;
  }

  /** The budget of a plan that names this scorer and no budget, as plan text; empty: uniform. */
  default Optional<String> defaultBudget() {
    return Optional.empty();
  }

  /** Whether scores are amounts: none is negative, and it means something to add them up. */
  default boolean additive() {
    return false;
  }

  /** Stored pairs below which the method refuses to act and everything is kept. */
  default int minimum() {
    return 0;
  }

  /**
   * Scores the stored pairs of one layer.
   *
   * @param scores [G][stored pairs of that head], zero on entry; higher is kept; may be negative
   */
  void score(LayerView layer, float[][] scores);
}
