package io.kvasir.eval.run;

import io.kvasir.engine.Prediction;

/**
 * A plan's prediction of one token beside f16's, in nats.
 *
 * @param kl KL(f16 to plan), in f64 over the whole vocabulary
 * @param nll the plan's, of the token that came
 * @param nllF16 f16's
 * @param same whether both find the same token most likely
 */
record Compared(double kl, double nll, double nllF16, boolean same) {
  /**
   * @param next the token that came
   */
  static Compared of(Prediction f16, Prediction plan, int next) {
    return new Compared(f16.kl(plan), plan.nll(next), f16.nll(next), f16.argmax() == plan.argmax());
  }
}
