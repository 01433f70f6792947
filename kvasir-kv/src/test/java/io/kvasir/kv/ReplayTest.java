package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.Workers;
import io.kvasir.kv.codec.Codec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A prompt that is read twice before it is cut. */
class ReplayTest {
  private static final LayerShape[] LAYERS = {
    LayerShape.full(6, 2, 32), new LayerShape(6, 2, 32, 32, 64, 0.2f), LayerShape.full(6, 2, 32)
  };
  private static final int TOKENS = 300;
  private static final int CHUNK = 70;
  private static final int SINKS = 4;

  @Test
  void scoresAreTheLargestWeightsOverSinksChunkAndReplay() {
    try (ToyModel model = new ToyModel(5, 2, LAYERS);
        KvCache target = model.cache("kvzip(keep=25%,chunk=70) | f32");
        HeldPrompt held = held(model, target)) {
      for (int from : new int[] {0, 210, 280}) {
        int to = Math.min(TOKENS, from + CHUNK);
        try (KvCache reading = held.reading(from, to)) {
          model.step(to - from + 1, reading);
        }
        LayerView view = held.view(2);
        for (int g = 0; g < 2; g++) {
          double[] expected = largest(model, g, from, to);
          for (int slot = from; slot < to; slot++) {
            assertThat((double) view.replayed(g, slot))
                .isCloseTo(expected[slot - from], within(1e-5));
          }
        }
      }
    }
  }

  private static HeldPrompt held(ToyModel model, KvCache target) {
    PromptReplay replay = target.plan().signals().replay().orElseThrow();
    HeldPrompt held =
        new HeldPrompt(replay, HeldPrompt.form(target.plan()), model.model, TOKENS, model.pool);
    model.prefill(TOKENS, 64, held.full());
    return held;
  }

  private static double[] largest(ToyModel model, int g, int from, int to) {
    double[] most = new double[to - from];
    for (int h = 3 * g; h < 3 * g + 3; h++) {
      for (int t = TOKENS; t < TOKENS + to - from + 1; t++) {
        double[] logits = model.logits(2, h, t);
        double all = 0;
        for (int p = 0; p <= t; p++) {
          if (p < SINKS || p >= from && p < to || p >= TOKENS) {
            all += Math.exp(logits[p]);
          }
        }
        for (int p = from; p < to; p++) {
          most[p - from] = Math.max(most[p - from], Math.exp(logits[p]) / all);
        }
      }
    }
    return most;
  }

  /** The catalogue's layer: sinks 0 and 1, the chunk 2 to 7, tokens 8 to 11 as its replay. */
  @Test
  void scoresTheGoldenLayer() {
    LayerShape shape = new LayerShape(2, 1, 16, 16, 0, 0.5f); // 4 channels and 12 zeros
    KvLayer layer = KvModel.of(new KvShape(List.of(shape))).layer(0);
    Codec f32 = KvPlan.parse("f32").keyCodec(0);
    try (Workers workers = new Workers(1);
        PagePool pool = new PagePool()) {
      LayerStore store = new LayerStore(layer, f32, f32, Signals.of(), pool);
      float[] keys = new float[12 * 16];
      float[] queries = new float[4 * 2 * 16];
      for (int n = 0; n < 12; n++) {
        for (int d = 0; d < 4; d++) {
          keys[n * 16 + d] = (float) (Math.sin(0.7 * n + 1.3 * d + 1) * (1 + 0.1 * (n % 3)));
          for (int h = 0; h < 2 && n >= 8; h++) {
            queries[((n - 8) * 2 + h) * 16 + d] =
                (float) (1.5 * Math.sin(0.3 * n + 1.1 * d + 0.5 * h + 0.2));
          }
        }
      }
      store.append(keys, keys, 0, 12, 0, workers);
      ReplayScores scores = new ReplayScores(1, 8, 2);
      scores.begin(2, 8);
      scores.see(store, queries, 0, 4, 8, workers);
      assertThat(scores.weights()[0])
          .containsExactly(
              new float[] {0, 0, 0.29363f, 0.23399f, 0.29996f, 0.26552f, 0.08331f, 0.02565f},
              within(1e-5f));
      store.release();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 64", "2, 7", "2, 300"})
  void theSamePairsStayWhateverTheTileAndTheThreads(int threads, int tile) {
    assertThat(positions(threads, tile)).isDeepEqualTo(positions(2, 64));
  }

  private static int[][] positions(int threads, int tile) {
    try (ToyModel model = new ToyModel(5, threads, LAYERS);
        KvCache cache = model.cache("kvzip(keep=25%,chunk=70)")) {
      model.prefill(TOKENS, tile, cache);
      return new int[][] {cache.positions(0, 0), cache.positions(0, 1), cache.positions(2, 1)};
    }
  }

  @Test
  void allPairsCompeteAndTheTotalIsKept() {
    try (ToyModel model = new ToyModel(5, 2, LAYERS);
        KvCache cache = model.cache("kvzip(keep=25%,chunk=70)")) {
      model.prefill(TOKENS, 64, cache);
      int pairs = 0;
      for (int layer : new int[] {0, 2}) {
        for (int g = 0; g < 2; g++) {
          assertThat(cache.positions(layer, g)).startsWith(0, 1, 2, 3);
          pairs += cache.positions(layer, g).length;
        }
      }
      assertThat(pairs).isEqualTo(4 * TOKENS / 4);
      assertThat(model.pool.usedBytes()).isLessThanOrEqualTo(cache.bytes()); // nothing else is held
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kvzip(keep=100%)", "kvzip(keep=1000,chunk=70)"})
  void keepingEverythingIsTheFullCacheBitForBit(String plan) {
    try (ToyModel model = new ToyModel(7, 2, LAYERS);
        KvCache full = model.cache("f16");
        KvCache kept = model.cache(plan)) {
      model.prefill(TOKENS, 64, full, kept);
      for (int i = 0; i < 10; i++) {
        assertThat(model.step(1, kept)[0][0]).isEqualTo(model.step(1, full)[0][0]);
      }
    }
  }

  @Test
  void otherPlansOfTheSamePrefillAreNotTouched() {
    try (ToyModel model = new ToyModel(7, 2, LAYERS);
        KvCache alone = model.cache("snapkv(keep=25%)");
        KvCache beside = model.cache("snapkv(keep=25%)");
        KvCache replayed = model.cache("kvzip(keep=25%,chunk=70) | uniform | q8")) {
      model.prefill(TOKENS, 64, alone);
      model.prefill(TOKENS, 64, beside, replayed);
      assertThat(replayed.positions(2, 1)).hasSize(75);
      assertThat(model.step(1, beside)[0][0]).isEqualTo(model.step(1, alone)[0][0]);
    }
  }

  @Test
  void plansThatWantTheSameReplayShareIt() {
    try (ToyModel model = new ToyModel(7, 2, LAYERS);
        KvCache half = model.cache("kvzip(keep=50%,chunk=70)");
        KvCache quarter = model.cache("kvzip(keep=25%,chunk=70) | uniform");
        KvCache exact = model.cache("kvzip(keep=25%,chunk=70) | f32");
        KvCache longer = model.cache("kvzip(keep=25%,chunk=100)");
        KvCache alone = model.cache("kvzip(keep=25%,chunk=70) | uniform")) {
      List<KvCache> targets = List.of(half, quarter, exact, longer);
      try (Prefill prefill =
          new Prefill(targets, TOKENS, Arithmetic.EXACT, model.attention, model.workers)) {
        assertThat(prefill.heldPrompts())
            .extracting(held -> held.targets().size())
            .containsExactly(2, 1, 1);
      }
      model.prefill(TOKENS, 64, half, quarter, exact, longer);
      model.prefill(TOKENS, 64, alone);
      assertThat(quarter.positions(2, 1)).isEqualTo(alone.positions(2, 1));
      assertThat(half.pairs()).isGreaterThan(quarter.pairs());
      assertThat(model.step(1, quarter)[0][0]).isEqualTo(model.step(1, alone)[0][0]);
    }
  }

  @Test
  void whatIsHeldBackIsForeseen() {
    try (ToyModel model = new ToyModel(7, 2, LAYERS);
        KvCache cache = model.cache("kvzip(keep=25%,chunk=70)")) {
      Prefill prefill =
          new Prefill(List.of(cache), TOKENS, Arithmetic.EXACT, model.attention, model.workers);
      for (int l = 0; l < LAYERS.length; l++) {
        for (int from = 0; from < TOKENS; from += 50) {
          model.pass(prefill, l, from, 50);
        }
        prefill.endLayer(l);
      }
      HeldPrompt held = prefill.heldPrompts().getFirst();
      try (KvCache reading = held.reading(0, 70)) {
        model.step(70, reading);
        long scores = 3 * 2 * 4L * TOKENS;
        assertThat(Footprint.heldBackBytes(cache.plan(), model.shape, TOKENS))
            .isEqualTo(reading.bytes() + scores);
      }
      assertThatThrownBy(prefill::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a prompt of 300 tokens is cut when it has been replayed; 70 were");
      prefill.close();
      assertThat(model.pool.usedBytes()).isZero();
    }
  }

  @Test
  void aPromptThatIsReadInStepsCannotBeReplayed() {
    try (ToyModel model = new ToyModel(7, 2, LAYERS);
        KvCache cache = model.cache("kvzip(keep=25%)")) {
      model.step(50, cache);
      assertThatThrownBy(() -> cache.endPrompt(model.workers))
          .hasMessageContaining(
              "the plan's scorer reads the prompt a second time; expected prefill mode exact");
    }
  }

  @Test
  void plansNameTheirBudgetAndCutOnce() {
    assertThat(KvPlan.parse("kvzip(keep=25%,chunk=2048)"))
        .hasToString("kvzip(keep=25%,chunk=2048,sinks=4) | pooled | f16");
    for (String plan : List.of("kvzip(keep=9) | uniform", "kvzip(keep=9) | pyramidkv")) {
      KvPlan parsed = KvPlan.parse(plan);
      assertThat(KvPlan.parse(parsed.toString())).isEqualTo(parsed);
      assertThat(parsed).isNotEqualTo(KvPlan.parse("kvzip(keep=9)"));
    }
    assertThatThrownBy(() -> KvPlan.parse("kvzip(keep=25%,every=8)"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(
            "kvzip: every=8 cannot be; its scores come from a second reading of the prompt");
  }
}
