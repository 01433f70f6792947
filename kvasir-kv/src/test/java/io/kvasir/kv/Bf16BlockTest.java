package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvasir.kernel.OneDnn;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Prompts in bf16 against prompts in f32. Queries and keys are rounded by at most 2^-9 of
 * themselves, so a score, here with a standard deviation of 2, moves by a few 2^-9, and so does a
 * weight; values and weights are rounded by as much once more. All outputs are below 4.
 */
class Bf16BlockTest {
  private static final int TOKENS = 700; // more than one group of pages, the last one not full
  private static final int KV_HEADS = 2;
  private static final float BOUND = 0.03f;

  @BeforeEach
  void needsOneDnn() {
    assumeTrue(OneDnn.available(), () -> OneDnn.refusal().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "f16,1,64,0",
    "f16,3,64,0",
    "f32,4,80,0",
    "f16,6,96,0",
    "f32,7,64,0",
    "q8,3,64,0",
    "kivi(bits=4),2,96,0",
    "f16,3,64,100",
    "f32,7,128,65",
    "q4,5,64,300",
    "f16,4,256,0"
  })
  void chunksStayNearTheExactOnes(String plan, int group, int dim, int window) {
    LayerShape layer = layer(group, dim, window);
    assertNear(
        chunked(plan, 2, 128, Arithmetic.EXACT, layer),
        chunked(plan, 2, 128, Arithmetic.PROMPT, layer));
  }

  @ParameterizedTest
  @CsvSource({"1,64,0", "3,64,0", "4,80,0", "7,64,0", "3,64,100", "6,128,300"})
  void exactPrefillsStayNearTheExactOnes(int group, int dim, int window) {
    LayerShape layer = layer(group, dim, window);
    assertNear(
        prefilled(2, 512, Arithmetic.EXACT, layer), prefilled(2, 512, Arithmetic.PROMPT, layer));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 33, 64, 200, 700})
  void chunksDoNotChangeABit(int rows) {
    LayerShape layer = layer(3, 64, 0);
    assertThat(chunked("f16", 2, rows, Arithmetic.PROMPT, layer))
        .isDeepEqualTo(chunked("f16", 1, 128, Arithmetic.PROMPT, layer));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 50, 333})
  void chunksOfAWindowDoNotChangeABit(int rows) {
    LayerShape layer = layer(4, 80, 150);
    assertThat(chunked("f16", 2, rows, Arithmetic.PROMPT, layer))
        .isDeepEqualTo(chunked("f16", 1, 128, Arithmetic.PROMPT, layer));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 100})
  void tilesDoNotChangeABit(int tile) {
    LayerShape layer = layer(3, 64, 0);
    assertThat(prefilled(2, tile, Arithmetic.PROMPT, layer))
        .isDeepEqualTo(prefilled(1, 512, Arithmetic.PROMPT, layer));
  }

  @Test
  void biasesCount() {
    assertNear(biased(Arithmetic.EXACT), biased(Arithmetic.PROMPT));
  }

  @Test
  void headsMayHoldDifferentPairs() {
    assertNear(ragged(Arithmetic.EXACT), ragged(Arithmetic.PROMPT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2o", "keyformer"})
  void attentionMassStaysNearTheExactOne(String scorer) {
    float[] exact = masses(scorer, Arithmetic.EXACT, 2, 256);
    float[] fast = masses(scorer, Arithmetic.PROMPT, 2, 256);
    float sum = 0;
    for (int slot = 0; slot < exact.length; slot++) {
      assertThat(fast[slot]).isCloseTo(exact[slot], within(0.02f * exact[slot] + 0.02f));
      sum += fast[slot];
    }
    assertThat(sum).isCloseTo(TOKENS, within(0.005f * TOKENS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2o", "keyformer"})
  void attentionMassHasTheSameBitsWhateverTheTileAndTheThreads(String scorer) {
    float[] masses = masses(scorer, Arithmetic.PROMPT, 2, 256);
    assertThat(masses(scorer, Arithmetic.PROMPT, 1, TOKENS)).isEqualTo(masses);
    assertThat(masses(scorer, Arithmetic.PROMPT, 3, 70)).isEqualTo(masses);
  }

  private static LayerShape layer(int group, int dim, int window) {
    return new LayerShape(group * KV_HEADS, KV_HEADS, dim, dim, window, 1 / (float) Math.sqrt(dim));
  }

  private static float[][] chunked(
      String plan, int threads, int rows, Arithmetic arithmetic, LayerShape layer) {
    try (ToyModel model = new ToyModel(9, threads, arithmetic, layer);
        KvCache cache = model.cache(plan)) {
      float[][] outputs = new float[TOKENS][];
      for (int done = 0; done < TOKENS; ) {
        int next = cache.rowsAtOnce(Math.min(rows, TOKENS - done));
        System.arraycopy(model.step(next, cache)[0], 0, outputs, done, next);
        done += next;
      }
      return outputs;
    }
  }

  private static float[][] prefilled(
      int threads, int tile, Arithmetic arithmetic, LayerShape layer) {
    try (ToyModel model = new ToyModel(9, threads, arithmetic, layer);
        KvCache cache = model.cache("f16")) {
      return model.prefill(TOKENS, tile, cache);
    }
  }

  private static float[][] biased(Arithmetic arithmetic) {
    try (ToyModel model = new ToyModel(9, 2, arithmetic, layer(3, 64, 0));
        KvCache cache = model.cache("f16")) {
      model.step(TOKENS, cache);
      for (HeadStore head : cache.layer(0).heads()) {
        head.rewrite(100, new float[64], new float[64], 1.5f);
        head.rewrite(600, new float[64], new float[64], 0.5f);
      }
      return model.step(40, cache)[0];
    }
  }

  private static float[][] ragged(Arithmetic arithmetic) {
    try (ToyModel model = new ToyModel(9, 2, arithmetic, layer(3, 64, 0));
        KvCache cache = model.cache("f16")) {
      model.step(TOKENS, cache);
      int[] many = new Random(3).ints(0, TOKENS).limit(500).sorted().distinct().toArray();
      cache.layer(0).heads()[0].retain(many);
      cache.layer(0).heads()[1].retain(new int[] {0, 5, TOKENS - 1});
      return model.step(40, cache)[0];
    }
  }

  private static float[] masses(String scorer, Arithmetic arithmetic, int threads, int tile) {
    try (ToyModel model = new ToyModel(9, threads, arithmetic, layer(3, 64, 0));
        KvCache cache = model.cache(scorer + "(keep=1000,every=1000) | f32")) {
      model.prefill(TOKENS, tile, cache);
      LayerStore store = cache.layer(0);
      AttentionNoise kind = store.noises().stream().findFirst().orElse(AttentionNoise.NONE);
      float[] masses = new float[TOKENS];
      for (int slot = 0; slot < TOKENS; slot++) {
        masses[slot] = store.heads()[1].mass().at(kind, slot);
      }
      return masses;
    }
  }

  private static void assertNear(float[][] exact, float[][] fast) {
    for (int t = 0; t < exact.length; t++) {
      for (int i = 0; i < exact[t].length; i++) {
        assertThat(fast[t][i]).as("row %d, %d", t, i).isCloseTo(exact[t][i], within(BOUND));
      }
    }
  }
}
