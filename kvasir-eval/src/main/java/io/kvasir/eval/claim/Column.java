package io.kvasir.eval.claim;

/**
 * A metric of a plan, as an expectation names it: {@code score(A)}.
 *
 * @param plan a name that the claim gives, or {@value Claim#F16}
 */
record Column(Metric metric, String plan) {
  @Override
  public String toString() {
    return metric + "(" + plan + ")";
  }
}
