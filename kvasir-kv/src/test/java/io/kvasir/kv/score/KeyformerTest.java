package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.Protection;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyformerTest extends ScorerContract {
  @Override
  Scorer scorer() {
    return keyformer(0.2, Keyformer.Noise.GUMBEL, 1);
  }

  private static Keyformer keyformer(double recent, Keyformer.Noise noise, double tau) {
    return new Keyformer(recent, 1, noise, tau, 2, 128);
  }

  /** The sums themselves are the cache's, see NoisedMassTest; here few tokens do. */
  @Override
  Stream<ArrayLayerView> layers() {
    return super.layers().filter(layer -> layer.seen() < 40);
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    return layer.noisedMass(g, slot, scorer().needs().noises().iterator().next());
  }

  @Test
  void scoresTheGoldenLayerWithoutNoiseAtTemperatureTwo() {
    Keyformer method = keyformer(0.3, Keyformer.Noise.NONE, 2);
    float[][] scores = new float[1][12];
    method.score(Golden.layer(method.needs()), scores);
    assertThat(scores[0])
        .containsExactly(
            new float[] {
              3.57651f, 2.63232f, 1.84791f, 1.18821f, 0.86657f, 0.58914f, 0.40152f, 0.27684f,
              0.20648f, 0.17893f, 0.13894f, 0.09663f
            },
            within(1e-5f));
  }

  @Test
  void withoutNoiseAtTemperatureOneItIsH2o() {
    Keyformer method = keyformer(0.3, Keyformer.Noise.NONE, 1);
    Scorer h2o = new H2o(0.5);
    LayerShape shape = LayerShape.full(4, 2, 16);
    float[][] scores = new float[2][30];
    method.score(ArrayLayerView.random(5, shape, 30, method.needs()), scores);
    float[][] heavy = new float[2][30];
    h2o.score(ArrayLayerView.random(5, shape, 30, h2o.needs()), heavy);
    assertThat(scores[1]).containsExactly(heavy[1], within(1e-6f));
  }

  @Test
  void recentPairsTakeTheirShareOfKeepRoundedDown() {
    assertThat(keyformer(0.3, Keyformer.Noise.GUMBEL, 1).protects(CutPoint.ofPrompt(100, 25)))
        .isEqualTo(Protection.recent(7));
  }
}
