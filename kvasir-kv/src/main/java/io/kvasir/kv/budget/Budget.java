package io.kvasir.kv.budget;

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

  /** Sets how many pairs each head of the layers in {@code allotment} keeps. */
  void allot(Allotment allotment);
}
