package io.kvasir.kv.budget;

import io.kvasir.kv.KvMethod;

/** Every layer and every KV head keeps the same number of pairs. */
@KvMethod(
    value = "uniform",
    summary = "every layer and head keeps the same number of pairs",
    about =
        "Every layer and head keeps as many pairs as every other. Nothing is known of the "
            + "model, and nothing can run dry. The budget of plans that name none.",
    source = "the neutral choice",
    cost = "0 bytes, no work")
record Uniform() implements Budget {
  @Override
  public String defaultScorer() {
    return "snapkv";
  }

  @Override
  public void allot(Allotment allotment) {
    // every head starts with the mean, and stays there
  }
}
