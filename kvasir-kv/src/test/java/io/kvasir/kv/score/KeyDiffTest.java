package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.ArrayLayerView;
import org.junit.jupiter.api.Test;

class KeyDiffTest extends ScorerContract {
  @Override
  Scorer scorer() {
    return new KeyDiff();
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    int dim = layer.shape().keyDim();
    double[] mean = new double[dim];
    for (int i = 0; i < layer.stored(g); i++) {
      for (int d = 0; d < dim; d++) {
        mean[d] += layer.key(g, i, d) / norm(layer, g, i) / layer.stored(g);
      }
    }
    double dot = 0;
    double squares = 0;
    for (int d = 0; d < dim; d++) {
      dot += layer.key(g, slot, d) * mean[d];
      squares += mean[d] * mean[d];
    }
    return -dot / Math.sqrt(squares) / norm(layer, g, slot);
  }

  /** A cosine is a sum whose terms cancel. */
  @Override
  double magnitude(ArrayLayerView layer, int g, int slot) {
    return 1;
  }

  private static double norm(ArrayLayerView layer, int g, int slot) {
    double sum = 0;
    for (int d = 0; d < layer.shape().keyDim(); d++) {
      sum += Math.pow(layer.key(g, slot, d), 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void scoresTheGoldenLayer() {
    assertThat(scores(Golden.layer(scorer().needs()))[0])
        .containsExactly(
            new float[] {
              -0.81405f, -0.99866f, -0.79185f, -0.04999f, 0.61808f, 0.94449f, 0.96016f, 0.45496f,
              -0.33811f, -0.82180f, -0.99931f, -0.77959f
            },
            within(1e-5f));
  }
}
