package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PrefixKV in a cache: one ranking for all heads of a layer, one number of pairs over all layers.
 */
class OneListPerLayerTest {
  private static final int TOKENS = 200;

  @ParameterizedTest
  @ValueSource(strings = {"prefixkv(keep=25%)", "snapkv(keep=25%,window=16) | prefixkv"})
  void headsOfALayerKeepTheSamePairsAndLayersShareTheTotal(String plan) {
    try (ToyModel model = new ToyModel(3, 2, ToyModel.layers(4, 4, 2, 32));
        KvCache cache = model.cache(plan)) {
      model.prefill(TOKENS, 64, cache);
      int pairs = 0;
      for (int layer = 0; layer < 4; layer++) {
        int[] kept = cache.positions(layer, 0);
        assertThat(cache.positions(layer, 1)).isEqualTo(kept);
        assertThat(kept).startsWith(0).endsWith(TOKENS - 1);
        pairs += kept.length;
      }
      assertThat(pairs).isEqualTo(4 * TOKENS / 4);
    }
  }

  /** Column sums over all heads, from the definition. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void theListIsThatOfAllHeadsTogether(int layer) {
    try (ToyModel model = new ToyModel(3, 2, ToyModel.layers(4, 4, 2, 32));
        KvCache cache = model.cache("prefixkv(keep=25%) | f32")) {
      model.prefill(TOKENS, 64, cache);
      double[] sums = new double[TOKENS];
      for (int head = 0; head < 4; head++) {
        for (int t = 0; t < TOKENS; t++) {
          double[] row = model.weights(layer, head, t);
          for (int j = 0; j <= t; j++) {
            sums[j] += row[j];
          }
        }
      }
      sums[0] = Double.MAX_VALUE; // both stay whatever they score
      sums[TOKENS - 1] = Double.MAX_VALUE;
      int[] kept = cache.positions(layer, 0);
      double least = Arrays.stream(kept).mapToDouble(p -> sums[p]).min().orElseThrow();
      assertThat(Arrays.stream(sums).filter(sum -> sum >= least * (1 - 1e-5)).count())
          .isBetween((long) kept.length, kept.length + 1L);
    }
  }
}
