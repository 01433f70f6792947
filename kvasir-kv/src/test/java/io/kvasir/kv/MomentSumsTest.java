package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.Workers;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentSumsTest {
  private static final LayerShape SHAPE = LayerShape.full(6, 2, 32);
  private static final int TOKENS = 500;
  private static final int FROM = 4;

  @Test
  void equalTheMomentsOfTheQueriesBeforeRotation() {
    ArrayLayerView layer = layer();
    try (Workers workers = new Workers(2)) {
      MomentSums sums = sums(layer, 64, workers);
      for (int h = 0; h < SHAPE.queryHeads(); h++) {
        QueryMoments expected = layer.queryMoments(h, FROM);
        assertThat(sums.moments(h).mean()).containsExactly(expected.mean(), within(1e-4));
        assertThat(sums.moments(h).covariance())
            .containsExactly(expected.covariance(), within(1e-4));
      }
    }
  }

  @Test
  void haveTheSameBitsWhateverTheBatchAndTheThreads() {
    ArrayLayerView layer = layer();
    try (Workers one = new Workers(1);
        Workers two = new Workers(2)) {
      QueryMoments expected = sums(layer, TOKENS, two).moments(3);
      for (int rows : new int[] {1, 3, 64}) {
        QueryMoments moments = sums(layer, rows, one).moments(3);
        assertThat(moments.mean()).isEqualTo(expected.mean());
        assertThat(moments.covariance()).isEqualTo(expected.covariance());
      }
    }
  }

  @Test
  void aForkGoesItsOwnWay() {
    ArrayLayerView layer = layer();
    try (Workers workers = new Workers(1)) {
      MomentSums sums = sums(layer, 64, workers);
      MomentSums fork = sums.fork();
      double[] before = sums.moments(0).mean();
      fork.add(rows(layer, 0, 10), 0, 10, TOKENS, workers);
      assertThat(sums.moments(0).mean()).isEqualTo(before);
      assertThat(fork.moments(0).mean()).isNotEqualTo(before);
    }
  }

  /** A mean of 100 beside a deviation of 1, as biases of projections make it. */
  private static ArrayLayerView layer() {
    ArrayLayerView layer = ArrayLayerView.random(3, SHAPE, TOKENS, shown());
    Random random = new Random(4);
    for (int h = 0; h < SHAPE.queryHeads(); h++) {
      float[] bias = new float[32];
      for (int d = 0; d < 32; d++) {
        bias[d] = (float) (100 * random.nextGaussian());
      }
      for (int t = 0; t < TOKENS; t++) {
        float[] turned = bias.clone();
        layer.model().layer(0).rotary().rotate(turned, 0, 1, 32, t);
        for (int d = 0; d < 32; d++) {
          layer.queries()[h][t * 32 + d] += turned[d];
        }
      }
    }
    return layer;
  }

  private static Signals shown() {
    return Signals.of().queryMoments(FROM);
  }

  private static MomentSums sums(ArrayLayerView layer, int rowsAtOnce, Workers workers) {
    MomentSums sums = new MomentSums(layer.model().layer(layer.layer()), FROM);
    for (int from = 0; from < TOKENS; from += rowsAtOnce) {
      int rows = Math.min(rowsAtOnce, TOKENS - from);
      sums.add(rows(layer, from, rows), 0, rows, from, workers);
    }
    return sums;
  }

  private static float[] rows(ArrayLayerView layer, int from, int rows) {
    float[] q = new float[rows * 6 * 32];
    for (int r = 0; r < rows; r++) {
      for (int h = 0; h < 6; h++) {
        System.arraycopy(layer.queries()[h], (from + r) * 32, q, (r * 6 + h) * 32, 32);
      }
    }
    return q;
  }
}
