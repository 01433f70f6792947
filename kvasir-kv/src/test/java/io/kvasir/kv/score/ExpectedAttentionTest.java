package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.Protection;
import java.util.IdentityHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectedAttentionTest extends ScorerContract {
  private static final int FUTURE = 16;
  private static final int SINKS = 2;

  @Override
  Scorer scorer() {
    return new ExpectedAttention(FUTURE, SINKS, 0.01);
  }

  private final Map<ArrayLayerView, double[][]> exponents = new IdentityHashMap<>();

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    if (layer.position(g, slot) < SINKS) {
      return 0;
    }
    double[][] z = exponents.computeIfAbsent(layer, ExpectedAttentionTest::exponents);
    int group = layer.shape().groupSize();
    double attention = 0;
    for (int h = g * group; h < (g + 1) * group; h++) {
      double sum = 0;
      for (int s = 0; s < layer.stored(g); s++) {
        if (layer.position(g, s) >= SINKS) {
          sum += Math.exp(z[h][s]);
        }
      }
      attention += Math.exp(z[h][slot]) / sum / group;
    }
    double squares = 0;
    for (int d = 0; d < layer.shape().valueDim(); d++) {
      squares += Math.pow(layer.value(g, slot, d), 2);
    }
    return (attention + 0.01) * Math.sqrt(squares);
  }

  /** [H][stored] */
  private static double[][] exponents(ArrayLayerView layer) {
    double[][] z = new double[layer.shape().queryHeads()][];
    for (int h = 0; h < z.length; h++) {
      int g = h / layer.shape().groupSize();
      double[][] queries = new double[layer.seen() - SINKS][];
      for (int t = 0; t < queries.length; t++) {
        queries[t] = layer.unrotatedQuery(h, SINKS + t);
      }
      z[h] = new double[layer.stored(g)];
      for (int s = 0; s < z[h].length; s++) {
        z[h][s] = exponent(queries, backwards(layer, g, s));
      }
    }
    return z;
  }

  /** Mean and variance of q k / sqrt(D) over the past queries turned to the next positions. */
  private static double exponent(double[][] queries, double[] key) {
    double sum = 0;
    double squares = 0;
    for (double[] query : queries) {
      double logit = 0;
      for (int d = 0; d < key.length; d++) {
        logit += query[d] * key[d] / Math.sqrt(key.length);
      }
      sum += logit;
      squares += logit * logit;
    }
    double mean = sum / queries.length;
    return mean + (squares / queries.length - mean * mean) / 2;
  }

  /** {@code R' k}: the mean over the next positions of the key turned back by each. */
  private static double[] backwards(ArrayLayerView layer, int g, int slot) {
    int half = layer.shape().keyDim() / 2;
    double[] key = new double[2 * half];
    for (int p = layer.seen(); p < layer.seen() + FUTURE; p++) {
      for (int i = 0; i < half; i++) {
        double angle = -p * Math.pow(10_000, -1.0 * i / half);
        double a = layer.key(g, slot, i);
        double b = layer.key(g, slot, half + i);
        key[i] += (a * Math.cos(angle) - b * Math.sin(angle)) / FUTURE;
        key[half + i] += (b * Math.cos(angle) + a * Math.sin(angle)) / FUTURE;
      }
    }
    return key;
  }

  /** The catalogue's queries are those before rotation, so the layer gets them rotated. */
  @Test
  void scoresTheGoldenLayer() {
    ExpectedAttention method = new ExpectedAttention(8, 2, 0);
    float[][] scores = new float[1][12];
    method.score(Golden.rotated(method.needs()), scores);
    assertThat(scores[0])
        .containsExactly(
            new float[] {
              0, 0, 0.19487f, 0.20681f, 0.13002f, 0.11832f, 0.12008f, 0.19213f, 0.21482f, 0.22123f,
              0.20939f, 0.21573f
            },
            within(1e-5f));
  }

  @Test
  void sinksStay() {
    assertThat(new ExpectedAttention(512, 4, 0).protects(CutPoint.ofPrompt(100, 25)))
        .isEqualTo(Protection.sinks(4));
  }

  @Test
  void sequenceOfSinksAloneHasNothingToCompare() {
    assertThat(scores(ArrayLayerView.random(1, LayerShape.full(2, 1, 4), SINKS, scorer().needs())))
        .isDeepEqualTo(new float[1][SINKS]);
  }
}
