package io.kvasir.kv.score;

import io.kvasir.kv.ArrayLayerView;

/** SnapKV as in the paper's runs: the pool takes the largest vote. */
class SnapKvMaxTest extends ScorerContract {
  @Override
  Scorer scorer() {
    return new SnapKv(32, 7, Pool.MAX);
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    return SnapKvTest.definition((SnapKv) scorer(), layer, g, slot);
  }
}
