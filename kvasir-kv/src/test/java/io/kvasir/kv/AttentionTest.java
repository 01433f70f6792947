package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {
  private static final int LONG = 700; // more than one group of pages

  @Test
  void prefillEqualsTheDefinition() {
    try (ToyModel model = new ToyModel(1, 2, ToyModel.layers(1, 6, 2, 32));
        KvCache cache = model.cache("f32")) {
      float[][] outputs = model.prefill(LONG, 100, cache);
      for (int p : new int[] {0, 1, 63, 64, 511, 512, LONG - 1}) {
        assertRow(model, 0, p, IntStream.rangeClosed(0, p).toArray(), outputs[p]);
      }
    }
  }

  @Test
  void aSlidingWindowSeesItsLastTokensOnly() {
    LayerShape window = new LayerShape(4, 2, 32, 32, 100, 0.2f);
    try (ToyModel model = new ToyModel(2, 2, window);
        KvCache cache = model.cache("f32")) {
      float[][] outputs = model.prefill(300, 77, cache);
      assertRow(model, 0, 250, IntStream.rangeClosed(151, 250).toArray(), outputs[250]);
      float[][][] next = model.step(1, cache);
      assertRow(model, 0, 300, IntStream.rangeClosed(201, 300).toArray(), next[0][0]);
    }
  }

  @Test
  void aSlidingWindowFreesThePagesItHasLeftBehind() {
    LayerShape window = new LayerShape(2, 1, 32, 32, 100, 0.2f);
    try (ToyModel model = new ToyModel(3, 1, window);
        KvCache cache = model.cache("f32")) {
      model.prefill(10, 10, cache);
      for (int i = 10; i < 400; i++) {
        model.step(1, cache);
      }
      assertThat(cache.pairs()).isBetween(99L, 99L + 64);
      float[][][] next = model.step(1, cache);
      assertRow(model, 0, 400, IntStream.rangeClosed(301, 400).toArray(), next[0][0]);
    }
  }

  @Test
  void aSlidingWindowGoesOnTheSameAfterAPrefillAsAfterSteps() {
    LayerShape window = new LayerShape(4, 2, 32, 32, 700, 0.2f);
    try (ToyModel model = new ToyModel(2, 2, window);
        KvCache prefilled = model.cache("f32");
        KvCache stepped = model.cache("f32")) {
      model.prefill(1500, 77, prefilled);
      model.step(1500, stepped);
      assertThat(prefilled.positions(0, 1)).isEqualTo(stepped.positions(0, 1));
      assertThat(prefilled.bytes())
          .isEqualTo(stepped.bytes())
          .isEqualTo(Footprint.bytes(prefilled.plan(), model.shape, 1500));
      for (int i = 0; i < 100; i++) {
        assertThat(model.step(1, prefilled)[0]).isDeepEqualTo(model.step(1, stepped)[0]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 512})
  void tilesDoNotChangeABit(int tile) {
    float[][] expected = outputs(2, 100);
    assertThat(outputs(2, tile)).isDeepEqualTo(expected);
  }

  @Test
  void threadsDoNotChangeABit() {
    assertThat(outputs(1, 100)).isDeepEqualTo(outputs(3, 100));
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
        "knorm(keep=50%,every=40) | kivi(bits=2)"
      })
  void forcedRowsEqualTokenByTokenDecoding(String plan) {
    try (ToyModel model = new ToyModel(5, 2, ToyModel.layers(2, 4, 2, 64));
        KvCache together = model.cache(plan);
        KvCache oneByOne = model.cache(plan)) {
      model.prefill(600, 128, together, oneByOne);
      for (int done = 0; done < 150; ) {
        int rows = together.rowsAtOnce(150 - done);
        float[][] batch = model.step(rows, together)[0];
        for (float[] row : batch) {
          assertThat(model.step(1, oneByOne)[0][0]).isEqualTo(row);
        }
        done += rows;
      }
      assertThat(together.bytes()).isEqualTo(oneByOne.bytes());
    }
  }

  @Test
  void sequencesOfABatchSealEachInItsOwnRows() {
    try (ToyModel model = new ToyModel(6, 2, ToyModel.layers(2, 4, 2, 64));
        KvCache a = model.cache("kivi(bits=2)");
        KvCache b = model.cache("f16");
        KvCache oneByOne = model.cache("kivi(bits=2)")) {
      model.prefill(200, 64, a, oneByOne);
      model.prefill(90, 64, b);
      for (float[] row : model.step(60, a, b)[0]) {
        assertThat(model.step(1, oneByOne)[0][0]).isEqualTo(row);
      }
      assertThat(a.bytes()).isEqualTo(oneByOne.bytes());
    }
  }

  @Test
  void sequencesOfABatchDoNotTouchEachOther() {
    try (ToyModel model = new ToyModel(6, 2, ToyModel.layers(2, 4, 2, 64));
        KvCache a = model.cache("f16");
        KvCache b = model.cache("kivi(bits=2)");
        KvCache alone = model.cache("f16")) {
      model.prefill(200, 64, a, alone);
      model.prefill(90, 64, b);
      float[][][] both = model.step(1, a, b);
      assertThat(model.step(1, alone)[0][0]).isEqualTo(both[0][0]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snapkv(keep=100%)",
        "h2o(keep=100%)",
        "knorm(keep=100%)",
        "streaming-llm(keep=100%)",
        "random(keep=100%)",
        "pyramidkv(keep=100%)",
        "knorm(keep=100%,every=16)",
        "lagkv(keep=100%)",
        "lagkv(keep=1000,every=16,lag=32)",
        "expected-attention(keep=100%)",
        "expected-attention(keep=1000,every=16)",
        "prefixkv(keep=100%)",
        "prefixkv(keep=1000,every=16)",
        "scope(keep=1000)",
        "keyformer(keep=100%)",
        "keyformer(keep=1000,every=16)"
      })
  void keepingEverythingIsTheFullCacheBitForBit(String scorer) {
    try (ToyModel model = new ToyModel(7, 2, ToyModel.layers(3, 4, 2, 64));
        KvCache full = model.cache("f16");
        KvCache kept = model.cache(scorer + " | f16")) {
      model.prefill(300, 64, full, kept);
      for (int i = 0; i < 40; i++) {
        assertThat(model.step(1, kept)[0][0]).isEqualTo(model.step(1, full)[0][0]);
      }
    }
  }

  @Test
  void attentionMassSumsToTheNumberOfQueries() {
    try (ToyModel model = new ToyModel(8, 2, ToyModel.layers(1, 6, 2, 32));
        KvCache cache = model.cache("h2o(keep=1000,every=1000) | f32")) {
      model.prefill(300, 64, cache);
      model.step(1, cache);
      for (HeadStore head : cache.layer(0).heads()) {
        double sum = 0;
        for (int s = 0; s < head.count(); s++) {
          sum += head.mass().at(AttentionNoise.NONE, s);
        }
        assertThat(sum).isCloseTo(301, within(0.01));
      }
    }
  }

  private static float[][] outputs(int threads, int tile) {
    try (ToyModel model = new ToyModel(4, threads, ToyModel.layers(1, 6, 2, 32));
        KvCache cache = model.cache("h2o(keep=50%) | f32")) {
      float[][] outputs = model.prefill(LONG, tile, cache);
      outputs[0] = model.step(1, cache)[0][0];
      return outputs;
    }
  }

  private static void assertRow(
      ToyModel model, int layer, int position, int[] visible, float[] row) {
    LayerShape shape = model.shape.layer(layer);
    for (int h = 0; h < shape.queryHeads(); h++) {
      double[] expected = model.naive(layer, h, position, visible);
      for (int d = 0; d < expected.length; d++) {
        assertThat((double) row[h * shape.valueDim() + d]).isCloseTo(expected[d], within(1e-5));
      }
    }
  }
}
