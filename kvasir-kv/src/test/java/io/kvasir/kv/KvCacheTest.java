package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvCacheTest {
  private static final LayerShape[] SMOLLM2_LIKE = ToyModel.layers(2, 9, 3, 64);

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
        "k:q8 | v:q4",
        "snapkv(keep=25%) | f16",
        "knorm(keep=100) | kivi(bits=2)",
        "h2o(keep=50%,every=8) | q8",
        "expected-attention(keep=25%,every=8)",
        "streaming-llm(keep=77,every=8)"
      })
  void bytesAreThoseComputedBeforehand(String plan) {
    try (ToyModel model = new ToyModel(1, 2, SMOLLM2_LIKE);
        KvCache cache = model.cache(plan)) {
      for (int tokens : new int[] {333}) {
        model.prefill(tokens, 64, cache);
        assertThat(cache.bytes()).isEqualTo(Footprint.bytes(cache.plan(), model.shape, tokens));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"f16, 1.0", "q8, 0.52", "q4, 0.29", "kivi(bits=2), 0.20"})
  void codesTakeTheirShareOfAnF16Cache(String plan, double share) {
    KvShape shape = new KvShape(List.of(ToyModel.layers(30, 9, 3, 64)));
    for (int tokens : new int[] {8000, 8010, 8063, 8100, 8127, 8159, 8191, 8192}) {
      long bytes = Footprint.bytes(KvPlan.parse(plan), shape, tokens);
      assertThat(bytes / (23_040.0 * tokens)).isLessThan(share + (share == 1.0 ? 0.01 : 0));
    }
    assertThat(Footprint.bytes(KvPlan.FULL, shape, 8192)).isEqualTo(23_040L * 8192);
  }

  @ParameterizedTest
  @CsvSource({ // of 128 tokens and 6 heads of dim 64, both sides
    "f16, 196608, 0, 0, 0",
    "q8, 98304, 3072, 0, 0",
    "'kivi(bits=2,group=32,window=96)', 18432, 9216, 122880, 0",
    "knorm(keep=64), 98304, 0, 0, 1536"
  })
  void bytesAreToldByPart(String plan, long codes, long scales, long windows, long side) {
    try (ToyModel model = new ToyModel(1, 3, SMOLLM2_LIKE);
        KvCache cache = model.cache(plan)) {
      model.prefill(128, 64, cache);
      assertThat(cache.bytesByPart()).isEqualTo(new KvBytes(codes, scales, windows, side));
      assertThat(cache.bytesByPart().all()).isEqualTo(cache.bytes());
    }
  }

  @Test
  void compressionTakesTime() {
    try (ToyModel model = new ToyModel(1, 2, SMOLLM2_LIKE);
        KvCache cache = model.cache("snapkv(keep=25%) | kivi(bits=2)")) {
      assertThat(cache.compressNanos()).isZero();
      long start = System.nanoTime();
      model.prefill(333, 64, cache);
      assertThat(cache.compressNanos()).isBetween(1L, System.nanoTime() - start);
    }
  }

  @Test
  void aDroppedPairFreesItsMemory() {
    try (ToyModel model = new ToyModel(2, 2, SMOLLM2_LIKE)) {
      KvCache full = model.cache("f16");
      model.prefill(2048, 512, full);
      long held = model.pool.usedBytes();
      assertThat(held).isEqualTo(full.bytes());
      full.close();
      assertThat(model.pool.usedPages()).isZero();
      assertThat(model.pool.reservedBytes()).isZero();
      try (KvCache quarter = model.cache("knorm(keep=25%)")) {
        model.prefill(2048, 512, quarter);
        assertThat(model.pool.usedBytes()).isEqualTo(held / 4);
        assertThat(quarter.pairs()).isEqualTo(2048 / 4 * 3 * 2);
      }
    }
  }

  @Test
  void streamingKeepsSinksAndTheNewest() {
    try (ToyModel model = new ToyModel(3, 2, SMOLLM2_LIKE);
        KvCache cache = model.cache("streaming-llm(keep=20,sinks=4)")) {
      model.prefill(100, 64, cache);
      int[] expected = IntStream.concat(IntStream.range(0, 4), IntStream.range(84, 100)).toArray();
      assertThat(cache.positions(1, 2)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f16", "q8", "kivi(bits=2)"})
  void everyNTokensThePlanIsAppliedAgain(String codec) {
    try (ToyModel model = new ToyModel(4, 2, SMOLLM2_LIKE);
        KvCache cache = model.cache("streaming-llm(keep=50,sinks=4,every=10) | " + codec)) {
      model.prefill(120, 64, cache);
      for (int i = 1; i <= 35; i++) {
        model.step(1, cache);
        assertThat(cache.positions(0, 0)).hasSize(50 + i % 10);
      }
      assertThat(cache.positions(0, 0)).startsWith(0, 1, 2, 3, 104, 105).endsWith(153, 154);
    }
  }

  @Test
  void aPairThatStaysKeepsItsBitsThroughEvictions() {
    try (ToyModel model = new ToyModel(5, 1, ToyModel.layers(1, 2, 1, 64));
        KvCache cut = model.cache("streaming-llm(keep=50,sinks=4,every=10) | q8");
        KvCache whole = model.cache("q8")) {
      model.prefill(120, 64, cut, whole);
      for (int i = 0; i < 30; i++) {
        model.step(1, cut, whole);
      }
      float[] a = new float[64];
      float[] b = new float[64];
      HeadStore pairs = cut.layer(0).heads()[0];
      for (int s = 0; s < pairs.count(); s++) {
        new StoreRows(pairs.keys()).read(s, a, 0);
        new StoreRows(whole.layer(0).heads()[0].keys()).read(pairs.position(s), b, 0);
        assertThat(a).isEqualTo(b);
      }
    }
  }

  @Test
  void aForkGoesItsOwnWayAndSharesWhatItCan() {
    try (ToyModel model = new ToyModel(6, 2, SMOLLM2_LIKE);
        KvCache original = model.cache("kivi(bits=2)");
        KvCache alone = model.cache("kivi(bits=2)")) {
      model.prefill(500, 64, original, alone);
      long before = model.pool.usedBytes();
      try (KvCache fork = original.fork()) {
        assertThat(model.pool.usedBytes()).isEqualTo(before);
        float[][] forked = new float[40][];
        for (int i = 0; i < 40; i++) {
          forked[i] = model.step(1, fork)[0][0];
        }
        for (int i = 0; i < 40; i++) {
          assertThat(model.step(1, original)[0][0]).isEqualTo(forked[i]);
          assertThat(model.step(1, alone)[0][0]).isEqualTo(forked[i]);
        }
      }
      assertThat(model.pool.usedBytes()).isEqualTo(original.bytes() + alone.bytes());
    }
  }

  @Test
  void aByteLimitHoldsWithEverythingCounted() {
    try (ToyModel model = new ToyModel(7, 2, SMOLLM2_LIKE);
        KvCache cache = model.cache("knorm(keep=300KB) | q8")) {
      model.prefill(1500, 256, cache);
      long onePageOfEveryHead = 6 * 2 * 64 * (2 + 64);
      assertThat(cache.bytes()).isBetween(300_000L - onePageOfEveryHead - 2_000, 300_000L);
    }
  }

  @Test
  void aByteLimitBelowOnePairIsRefused() {
    KvShape shape = new KvShape(List.of(SMOLLM2_LIKE));
    assertThatThrownBy(() -> Footprint.bytes(KvPlan.parse("knorm(keep=1KB)"), shape, 100))
        .isInstanceOf(KvPlanException.class)
        .hasMessageStartingWith("keep=1KB is too small: one pair per head already takes ");
  }

  @Test
  void onePrefillGivesEveryPlanWhatItsOwnWouldGive() {
    String[] plans = {
      "f16",
      "snapkv(keep=25%) | kivi(bits=2)",
      "h2o(keep=10%)",
      "random(keep=50%)",
      "expected-attention(keep=25%)",
      "expected-attention(keep=25%,sinks=0) | q8",
      "keyformer(keep=25%)",
      "keyformer(keep=25%,seed=2)"
    };
    try (ToyModel model = new ToyModel(8, 2, ToyModel.layers(2, 4, 2, 64))) {
      KvCache[] together = new KvCache[plans.length];
      for (int i = 0; i < plans.length; i++) {
        together[i] = model.cache(plans[i]);
      }
      model.prefill(400, 64, together);
      for (int i = 0; i < plans.length; i++) {
        try (KvCache alone = model.cache(plans[i]);
            KvCache shared = together[i]) {
          model.prefill(400, 64, alone);
          assertThat(shared.positions(1, 1)).isEqualTo(alone.positions(1, 1));
          assertThat(model.step(1, shared)[0][0]).isEqualTo(model.step(1, alone)[0][0]);
        }
      }
      assertThat(model.pool.usedPages()).isZero();
    }
  }

  @Test
  void tellsWhichPartOfItsPairsIsCodedOrDropped() {
    assertThat(codedShare("f16", LayerShape.full(4, 2, 64))).isZero();
    assertThat(codedShare("f32", LayerShape.full(4, 2, 64))).isZero();
    assertThat(codedShare("q8", LayerShape.full(4, 2, 64))).isOne();
    assertThat(codedShare("k:f16 | v:q8", LayerShape.full(4, 2, 64))).isOne();
    assertThat(codedShare("random(keep=25%)", LayerShape.full(4, 2, 64))).isEqualTo(0.75);
    // some of the newest stay raw
    assertThat(codedShare("kivi(bits=2)", LayerShape.full(4, 2, 64))).isBetween(0.5, 0.99);
    // a sliding window drops nothing that is in its reach
    assertThat(codedShare("f16", new LayerShape(4, 2, 64, 64, 100, 0.125f))).isZero();
  }

  private static double codedShare(String plan, LayerShape layer) {
    try (ToyModel model = new ToyModel(8, 2, layer, layer);
        KvCache cache = model.cache(plan)) {
      assertThat(cache.codedShare()).isZero();
      model.prefill(400, 64, cache);
      return cache.codedShare();
    }
  }

  @Test
  void readingInStepsThenCuttingKeepsTheSamePositions() {
    try (ToyModel model = new ToyModel(9, 2, ToyModel.layers(2, 4, 2, 64));
        KvCache exact = model.cache("snapkv(keep=25%,window=16) | f32");
        KvCache coded = model.cache("snapkv(keep=25%,window=16) | f32")) {
      model.prefill(200, 64, exact);
      model.step(100, coded);
      model.step(100, coded);
      coded.endPrompt(model.workers);
      for (int l = 0; l < 2; l++) {
        assertThat(coded.positions(l, 1)).isEqualTo(exact.positions(l, 1));
      }
    }
  }

  @Test
  void aClosedCacheRefusesRows() {
    try (ToyModel model = new ToyModel(10, 1, SMOLLM2_LIKE)) {
      KvCache cache = model.cache("f16");
      cache.close();
      cache.close();
      assertThatThrownBy(() -> model.step(1, cache)).isInstanceOf(IllegalStateException.class);
    }
  }
}
