package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.ArrayLayerView;
import org.junit.jupiter.api.Test;

class KnormTest extends ScorerContract {
  @Override
  Scorer scorer() {
    return new Knorm();
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    double sum = 0;
    for (int d = 0; d < layer.shape().keyDim(); d++) {
      sum += Math.pow(layer.key(g, slot, d), 2);
    }
    return -Math.sqrt(sum);
  }

  @Test
  void scoresTheGoldenLayer() {
    assertThat(scores(Golden.layer(scorer().needs()))[0])
        .containsExactly(
            new float[] {
              -1.55730f, -1.64676f, -1.54460f, -1.28147f, -1.63954f, -1.87183f, -1.38769f,
              -1.36576f, -1.66211f, -1.55907f, -1.64189f, -1.53992f
            },
            within(1e-5f));
  }
}
