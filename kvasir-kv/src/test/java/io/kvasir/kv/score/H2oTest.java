package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.Protection;
import org.junit.jupiter.api.Test;

class H2oTest extends ScorerContract {
  @Override
  Scorer scorer() {
    return new H2o(0.5);
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    return layer.mass(g, layer.position(g, slot));
  }

  @Test
  void scoresTheGoldenLayer() {
    float[] scores = scores(Golden.layer(scorer().needs()))[0];
    assertThat(scores)
        .containsExactly(
            new float[] {
              3.84211f, 2.95991f, 1.94607f, 1.12604f, 0.87800f, 0.50881f, 0.22402f, 0.12238f,
              0.09709f, 0.10581f, 0.09820f, 0.09157f
            },
            within(1e-5f));
    double sum = 0;
    for (float score : scores) {
      sum += score;
    }
    assertThat(sum).as("each of 12 queries gives away 1").isCloseTo(12, within(1e-5));
  }

  @Test
  void recentPairsTakeTheirShareOfKeepRoundedDown() {
    assertThat(protects(0.5, 6)).isEqualTo(Protection.recent(3));
    assertThat(protects(0.5, 7)).isEqualTo(Protection.recent(3));
    assertThat(protects(0.29, 100)).isEqualTo(Protection.recent(29)); // 28.99.. in binary
    assertThat(protects(0, 7)).isEqualTo(Protection.NONE);
    assertThat(protects(1, 7)).isEqualTo(Protection.recent(7));
  }

  private static Protection protects(double recent, int keep) {
    return new H2o(recent).protects(CutPoint.ofPrompt(100, keep));
  }
}
