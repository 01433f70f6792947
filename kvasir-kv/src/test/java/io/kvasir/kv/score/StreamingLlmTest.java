package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.Protection;
import org.junit.jupiter.api.Test;

class StreamingLlmTest extends ScorerContract {
  @Override
  Scorer scorer() {
    return new StreamingLlm(4);
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    return layer.position(g, slot);
  }

  @Test
  void protectsItsSinksAndLeavesTheRestToTheNewest() {
    assertThat(new StreamingLlm(4).protects(CutPoint.ofPrompt(1203, 601)))
        .isEqualTo(new Protection(4, 0));
  }
}
