package io.kvasir.kv.budget;

import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Protection;
import io.kvasir.kv.score.Scorer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How many pairs may each layer and KV head keep? The plan's {@code keep} fixes the mean; a budget
 * moves pairs between layers and heads.
 */
public interface Budget {

  /**
   * The scorer of a plan that names this budget and no scorer, as plan text: a scorer's name, with
   * parameters where the method's own choice differs from the scorer's defaults.
   */
  String defaultScorer();

  /**
   * Whether every layer must have been scored before any is cut (a budget over the whole sequence).
   * The layers are then held back in f16 until the prompt has passed the last one.
   */
  default boolean global() {
    return false;
  }

  /**
   * Whether the heads of a layer keep the same pairs: each is then given the mean of their scores.
   */
  default boolean oneListPerLayer() {
    return false;
  }

  /** Pairs that this budget never drops, besides those of the scorer. */
  default Protection protects(CutPoint at) {
    return Protection.NONE;
  }

  /**
   * Decoded tokens between two cuts where the plan does not say; empty: the prompt alone is cut.
   */
  default OptionalInt every() {
    return OptionalInt.empty();
  }

  /** Whether a cut could drop anything; if not, nothing is scored. */
  default boolean cuts(CutPoint at) {
    return true;
  }

  /** The scorer of decoded tokens, as plan text; empty: that of the prompt. */
  default Optional<String> decodingScorer() {
    return Optional.empty();
  }

  /**
   * @throws KvPlanException the scores of {@code scorer} are of no use to this budget
   */
  default void check(Scorer scorer) {}

  /** Sets how many pairs each head of the layers in {@code allotment} keeps. */
  void allot(Allotment allotment);
}
