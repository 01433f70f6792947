package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Budgets over the whole sequence: layers wait for the last one, then all are cut together. */
class GlobalBudgetTest {
  private static final int LAYERS = 3;
  private static final int HEADS = 2;
  private static final int DIM = 64;
  private static final int TOKENS = 300;

  /** A pair of the sequence, and its key's norm by definition. */
  private record Pair(int layer, int head, int position, double norm) {
    static Pair of(ToyModel model, int layer, int head, int position, boolean f16) {
      float[] k = model.k(layer, position);
      double sum = 0;
      for (int d = head * DIM; d < (head + 1) * DIM; d++) {
        double x = f16 ? Float.float16ToFloat(Float.floatToFloat16(k[d])) : k[d];
        sum += x * x;
      }
      return new Pair(layer, head, position, sum);
    }

    /** The same pair, once its key is stored as f16. */
    Pair stored(ToyModel model) {
      return of(model, layer, head, position, true);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "f16", "q8", "kivi(bits=2)"})
  void theBestPairsOfTheSequenceStay(String codec) {
    try (ToyModel model = model(1);
        KvCache cache = cache(model, "test-global(keep=25%) | " + codec)) {
      model.prefill(TOKENS, 128, cache);
      assertThat(cache.pairs()).isEqualTo(TOKENS / 4 * LAYERS * HEADS);
      assertHolds(cache, best(pairs(model, 0, TOKENS), TOKENS / 4 * LAYERS * HEADS));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "f16", "q8", "kivi(bits=2)"})
  void nothingIsHeldBackAfterThePrompt(String codec) {
    try (ToyModel model = model(2)) {
      KvCache cache = cache(model, "test-global(keep=25%) | " + codec);
      model.prefill(TOKENS, 128, cache);
      long positions = 0;
      for (int l = 0; l < LAYERS; l++) {
        for (HeadStore head : cache.layer(l).heads()) {
          positions += 4L * HeadStore.columnLength(head.count());
        }
      }
      assertThat(cache.bytes()).isEqualTo(model.pool.usedBytes() + positions);
      cache.close();
      assertThat(model.pool.usedPages()).isZero();
    }
  }

  @Test
  void waitingInF16LosesNothingThatF16WouldKeep() {
    try (ToyModel model = model(3);
        KvCache cut = cache(model, "test-global(keep=25%) | f16");
        KvCache full = model.cache("f16")) {
      model.prefill(TOKENS, 128, cut, full);
      float[] kept = new float[DIM];
      float[] original = new float[DIM];
      HeadStore pairs = cut.layer(2).heads()[1];
      HeadStore all = full.layer(2).heads()[1];
      for (int s = 0; s < pairs.count(); s++) {
        new StoreRows(pairs.values()).read(s, kept, 0);
        new StoreRows(all.values()).read(pairs.position(s), original, 0);
        assertThat(kept).isEqualTo(original);
      }
    }
  }

  @Test
  void attentionMassWaitsWithItsPair() {
    try (ToyModel model = model(4);
        KvCache cut = cache(model, "h2o(keep=50%,every=50) | test-global");
        KvCache full = model.cache("h2o(keep=1000,every=1000)")) {
      model.prefill(TOKENS, 128, cut, full);
      HeadStore pairs = cut.layer(0).heads()[1];
      assertThat(pairs.count()).isLessThan(TOKENS);
      for (int s = 0; s < pairs.count(); s++) {
        assertThat(pairs.mass().at(AttentionNoise.NONE, s))
            .isEqualTo(full.layer(0).heads()[1].mass().at(AttentionNoise.NONE, pairs.position(s)));
      }
    }
  }

  @Test
  void everyNTokensAllLayersAreCutTogether() {
    int total = 60 * LAYERS * HEADS;
    try (ToyModel model = model(5);
        KvCache cache = cache(model, "test-global(keep=60,every=8) | f16")) {
      model.prefill(TOKENS, 128, cache);
      List<Pair> held = stored(model, best(pairs(model, 0, TOKENS), total));
      for (int i = 1; i <= 20; i++) {
        model.step(1, cache);
        held.addAll(stored(model, pairs(model, TOKENS + i - 1, TOKENS + i)));
        if (i % 8 == 0) {
          held = best(held, total);
        }
        assertThat(cache.pairs()).isEqualTo(total + (long) i % 8 * LAYERS * HEADS);
        assertHolds(cache, held);
      }
    }
  }

  @Test
  void onePassServesItBesideOtherPlans() {
    String plan = "snapkv(keep=25%,window=16) | test-global | q8";
    try (ToyModel model = model(6);
        KvCache alone = cache(model, plan);
        KvCache beside = cache(model, plan);
        KvCache other = model.cache("h2o(keep=25%)")) {
      model.prefill(TOKENS, 128, alone);
      model.prefill(TOKENS, 64, other, beside);
      assertThat(model.step(1, beside)).isDeepEqualTo(model.step(1, alone));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aPromptGivenUpHalfWayFreesEverythingAndMayBeReadAgain(int layersRead) {
    try (ToyModel model = model(7);
        KvCache global = cache(model, "test-global(keep=25%)");
        KvCache other = model.cache("snapkv(keep=25%)");
        KvCache fresh = model.cache("snapkv(keep=25%)")) {
      try (Prefill prefill =
          new Prefill(
              List.of(global, other), TOKENS, Arithmetic.EXACT, model.attention, model.workers)) {
        for (int l = 0; l < layersRead; l++) {
          model.pass(prefill, l, 0, TOKENS);
          prefill.endLayer(l);
        }
        if (layersRead < LAYERS) {
          model.pass(prefill, layersRead, 0, 100);
        }
        assertThat(model.pool.usedPages()).isPositive();
      }
      assertThat(model.pool.usedPages()).isZero();
      model.prefill(TOKENS, 128, global, other);
      model.prefill(TOKENS, 128, fresh);
      assertHolds(global, best(pairs(model, 0, TOKENS), TOKENS / 4 * LAYERS * HEADS));
      assertThat(model.step(1, other)).isDeepEqualTo(model.step(1, fresh));
    }
  }

  private static ToyModel model(long seed) {
    return new ToyModel(seed, 2, ToyModel.layers(LAYERS, 4, HEADS, DIM));
  }

  private static KvCache cache(ToyModel model, String plan) {
    return model.cache(KvPlan.parse(plan, TestBudgets.METHODS));
  }

  /** Every pair that came at positions {@code [from, to)}. */
  private static List<Pair> pairs(ToyModel model, int from, int to) {
    List<Pair> pairs = new ArrayList<>();
    for (int l = 0; l < LAYERS; l++) {
      for (int p = from; p < to; p++) {
        for (int g = 0; g < HEADS; g++) {
          pairs.add(Pair.of(model, l, g, p, false));
        }
      }
    }
    return pairs;
  }

  private static List<Pair> stored(ToyModel model, List<Pair> pairs) {
    return new ArrayList<>(pairs.stream().map(pair -> pair.stored(model)).toList());
  }

  private static List<Pair> best(List<Pair> pairs, int keep) {
    pairs.sort(Comparator.comparingDouble(Pair::norm));
    return new ArrayList<>(pairs.subList(0, keep));
  }

  private static void assertHolds(KvCache cache, List<Pair> expected) {
    for (int l = 0; l < LAYERS; l++) {
      for (int g = 0; g < HEADS; g++) {
        TreeSet<Integer> positions = new TreeSet<>();
        for (Pair pair : expected) {
          if (pair.layer() == l && pair.head() == g) {
            positions.add(pair.position());
          }
        }
        assertThat(cache.positions(l, g))
            .as("layer %d head %d", l, g)
            .containsExactly(positions.stream().mapToInt(i -> i).toArray());
      }
    }
  }
}
