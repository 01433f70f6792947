package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.Protection;
import org.junit.jupiter.api.Test;

/** How a replay is scored is the cache's, see ReplayTest. */
class KvZipTest extends ScorerContract {
  @Override
  Scorer scorer() {
    return new KvZip(2048, 4);
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    return layer.replayed(g, slot);
  }

  @Test
  void sinksStay() {
    assertThat(scorer().protects(CutPoint.ofPrompt(100, 25))).isEqualTo(Protection.sinks(4));
  }
}
