package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention of decoded rows in fast precision. */
class DecodedBlockTest {
  private static final int PROMPT = 1100; // two groups of pages and a part of one

  /** Error per plan: of float rounding alone, or of rounded queries and weights. */
  @ParameterizedTest
  @CsvSource({
    "f32, 2e-6",
    "f16, 2e-6",
    "q8, 2e-6",
    "q4, 2e-6",
    "q8_0, 2e-6",
    "q4_0, 2e-6",
    "kivi(bits=2), 3e-2",
    "kivi(bits=4), 3e-2",
    "gear, 3e-2",
    "snapkv(keep=25%) | q8, 2e-6",
    "h2o(keep=60%) | f16, 2e-6",
    "kvquant, 1e-5",
    "'kvquant(bits=4,sinks=4)', 1e-5",
    "random(keep=50%) | kvquant(bits=2), 1e-5",
    "rotatekv, 1e-5",
    "csr(atoms=4), 1e-5"
  })
  void givesWhatExactAttentionGives(String plan, double error) {
    try (ToyModel model = new ToyModel(11, 2, ToyModel.layers(1, 6, 2, 64));
        KvCache exact = model.cache(plan);
        KvCache fast = model.cache(plan)) {
      model.prefill(PROMPT, 128, exact, fast);
      for (int i = 0; i < 70; i++) {
        assertClose(
            model.step(Arithmetic.DECODED, 1, fast)[0][0], model.step(1, exact)[0][0], error);
      }
    }
  }

  @Test
  void aSlidingWindowSeesItsLastTokensOnly() {
    LayerShape window = new LayerShape(4, 2, 32, 32, 100, 0.2f);
    try (ToyModel model = new ToyModel(2, 2, window);
        KvCache exact = model.cache("f32");
        KvCache fast = model.cache("f32")) {
      model.prefill(300, 77, exact, fast);
      for (int i = 0; i < 600; i++) {
        assertClose(
            model.step(Arithmetic.DECODED, 1, fast)[0][0], model.step(1, exact)[0][0], 2e-6);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f32",
        "f16",
        "q8",
        "q4",
        "q8_0",
        "q4_0",
        "kivi(bits=2)",
        "kivi(bits=4)",
        "gear",
        "kvquant",
        "rotatekv"
      })
  void rowsThatComeTogetherAreThoseThatComeOneByOne(String plan) {
    try (ToyModel model = new ToyModel(5, 2, ToyModel.layers(2, 4, 2, 64));
        KvCache together = model.cache(plan);
        KvCache oneByOne = model.cache(plan)) {
      model.prefill(PROMPT, 128, together, oneByOne);
      for (float[] row : model.step(Arithmetic.DECODED, 150, together)[0]) {
        assertThat(model.step(Arithmetic.DECODED, 1, oneByOne)[0][0]).isEqualTo(row);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f16", "q8", "q4", "kivi(bits=2)"})
  void neitherTheBatchNorThreadsChangeABit(String plan) {
    try (ToyModel batch = new ToyModel(6, 3, ToyModel.layers(1, 6, 2, 64));
        ToyModel alone = new ToyModel(6, 1, ToyModel.layers(1, 6, 2, 64))) {
      KvCache[] caches = new KvCache[16];
      for (int c = 0; c < caches.length; c++) {
        caches[c] = batch.cache(plan);
        batch.prefill(500 + 40 * c, 128, caches[c]);
      }
      float[][][] together = batch.step(Arithmetic.DECODED, 1, caches);
      for (int c = 0; c < caches.length; c++) {
        try (KvCache cache = alone.cache(plan)) {
          alone.prefill(500 + 40 * c, 128, cache);
          assertThat(alone.step(Arithmetic.DECODED, 1, cache)[0][0]).isEqualTo(together[c][0]);
        }
        caches[c].close();
      }
    }
  }

  /** Differences are at most {@code error} of the largest number. */
  private static void assertClose(float[] row, float[] expected, double error) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < row.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(row[i] - expected[i]));
    }
    assertThat(difference / largest).isLessThan(error);
  }
}
