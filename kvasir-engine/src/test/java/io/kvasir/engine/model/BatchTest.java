package io.kvasir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.Precision;
import io.kvasir.kernel.TensorType;
import io.kvasir.kv.KvCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token becomes does not depend on what passes with it, bit for bit. */
@ParameterizedClass
@EnumSource(Precision.class)
class BatchTest {
  private static final String[] PLANS = {
    "f32",
    "f16",
    "kivi(bits=2)",
    "snapkv(keep=25%,window=16) | q8",
    "streaming-llm(keep=40,sinks=4,every=8) | q4",
    "h2o(keep=50%,every=16)"
  };

  private final Precision precision;
  @TempDir Path folder;
  private TestModel model;

  BatchTest(Precision precision) {
    this.precision = precision;
  }

  @BeforeEach
  void load() {
    // Sliding windows, head norms, everything there is; 7 of 600 rows are seen by most layers.
    model =
        TestModel.open(
            RandomModel.of("gemma3", TensorType.Q8_0)
                .writer()
                .uint32("gemma3.attention.sliding_window_pattern", 2)
                .write(folder.resolve("m.gguf")),
            2,
            precision);
  }

  @AfterEach
  void nothingIsLost() {
    assertThat(model.pool.usedPages()).isZero();
    model.close();
  }

  @Test
  void tilesDoNotChangeABit() {
    int[] ids = ids(Transformer.TILE + 90, 1);
    try (KvCache prefilled = model.cache("f32");
        KvCache atOnce = model.cache("f32");
        KvCache inParts = model.cache("f32")) {
      float[][] expected = model.prefill(List.of(prefilled), ids);
      assertEqual(model.forward(atOnce, ids), expected);
      for (int from = 0; from < ids.length; ) {
        int rows = Math.min(1 + from / 2, ids.length - from);
        float[][] part = model.forward(inParts, Arrays.copyOfRange(ids, from, from + rows));
        assertEqual(part, Arrays.copyOfRange(expected, from, from + rows));
        from += rows;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2", "qwen3", "gemma3"})
  void prefillThenDecodingEqualsAllAtOnce(String architecture) {
    Path path = RandomModel.of(architecture, TensorType.Q4_1).writer().write(folder.resolve("o"));
    int[] ids = ids(80, 2);
    try (TestModel other = TestModel.open(path, 2, precision);
        KvCache whole = other.cache("f32");
        KvCache part = other.cache("f32")) {
      float[][] expected = other.prefill(List.of(whole), ids);
      other.prefill(List.of(part), Arrays.copyOf(ids, 50));
      for (int t = 50; t < ids.length; t++) {
        assertThat(other.forward(part, ids[t])[0]).isEqualTo(expected[t]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void threadsDoNotChangeABit(int threads) {
    int[] ids = ids(150, 3);
    try (TestModel other = TestModel.open(folder.resolve("m.gguf"), threads, precision);
        KvCache mine = model.cache("h2o(keep=50%)");
        KvCache its = other.cache("h2o(keep=50%)")) {
      assertEqual(other.prefill(List.of(its), ids), model.prefill(List.of(mine), ids));
      assertEqual(other.forward(its, 1, 2, 3), model.forward(mine, 1, 2, 3));
    }
  }

  @Test
  void sequencesOfOneBatchEqualEachAlone() {
    List<KvCache> together = new ArrayList<>();
    List<KvCache> alone = new ArrayList<>();
    for (int i = 0; i < PLANS.length; i++) {
      together.add(model.cache(PLANS[i]));
      alone.add(model.cache(PLANS[i]));
      model.prefill(List.of(together.get(i)), ids(60 + 30 * i, i));
      model.prefill(List.of(alone.get(i)), ids(60 + 30 * i, i));
    }
    for (int round = 0; round < 4; round++) {
      List<Input> inputs = new ArrayList<>();
      for (int i = 0; i < PLANS.length; i++) {
        Role role = Role.values()[(i + round) % 2];
        inputs.add(new Input(together.get(i), ids(1 + (i + round) * 7 % 20, 10 * round + i), role));
      }
      float[][][] logits = model.forward(inputs);
      for (int i = 0; i < PLANS.length; i++) {
        int[] ids = inputs.get(i).ids();
        for (int t = 0; t < ids.length; t++) {
          Input one = new Input(alone.get(i), new int[] {ids[t]}, inputs.get(i).role());
          float[] expected = model.forward(List.of(one))[0][0];
          assertThat(logits[i][t]).as("%s, row %d", PLANS[i], t).isEqualTo(expected);
        }
      }
    }
    together.forEach(KvCache::close);
    alone.forEach(KvCache::close);
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"Q4_0", "Q4_1", "Q5_0", "Q8_0", "F16"})
  void decodedRowsInFastPrecisionEqualEachAlone(TensorType type) {
    Path path = RandomModel.of("qwen2", type).writer().write(folder.resolve("f"));
    try (TestModel fast = TestModel.open(path, 2, Precision.FAST);
        KvCache a = fast.cache("f16");
        KvCache b = fast.cache("f16");
        KvCache c = fast.cache("f16");
        KvCache d = fast.cache("f16")) {
      float[][][] together =
          fast.forward(
              List.of(
                  new Input(a, ids(9, 1), Role.DECODED), new Input(b, ids(1, 2), Role.DECODED)));
      for (int t = 0; t < 9; t++) {
        Input one = new Input(c, new int[] {ids(9, 1)[t]}, Role.DECODED);
        assertThat(fast.forward(List.of(one))[0][0]).as("row %d", t).isEqualTo(together[0][t]);
      }
      Input last = new Input(d, ids(1, 2), Role.DECODED);
      assertThat(fast.forward(List.of(last))[0][0]).isEqualTo(together[1][0]);
    }
  }

  @Test
  void onePrefillServesSeveralPlans() {
    List<KvCache> together = new ArrayList<>();
    for (String plan : PLANS) {
      together.add(model.cache(plan));
    }
    model.prefill(together, ids(200, 4));
    for (KvCache shared : together) {
      try (KvCache alone = model.cache(shared.plan().toString())) {
        model.prefill(List.of(alone), ids(200, 4));
        assertThat(shared.positions(1, 0)).isEqualTo(alone.positions(1, 0));
        assertEqual(model.forward(shared, 5), model.forward(alone, 5));
      }
      shared.close();
    }
  }

  @Test
  void aPromptMayBeCodedBeforeAnyoneReadsIt() {
    int[] ids = ids(200, 5);
    try (KvCache exact = model.cache("snapkv(keep=25%,window=16) | f32");
        KvCache coded = model.cache("snapkv(keep=25%,window=16) | f32");
        KvCache rough = model.cache("snapkv(keep=25%,window=16) | q4")) {
      float[][] expected = model.prefill(List.of(exact), ids);
      assertEqual(model.forward(coded, ids), expected);
      coded.endPrompt(model.workers);
      assertThat(coded.positions(1, 1)).isEqualTo(exact.positions(1, 1)).hasSize(50);
      assertThat(model.forward(rough, ids)[199]).isNotEqualTo(expected[199]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aCancelledPrefillLosesNothing(int calls) {
    int[] ids = ids(Transformer.TILE + 10, 6);
    int[] left = {calls};
    PassListener listener =
        (done, total) -> {
          assertThat(total).isEqualTo(2 * ids.length);
          if (--left[0] == 0) {
            throw new CancellationException();
          }
        };
    try (KvCache cancelled = model.cache("snapkv(keep=25%) | q8");
        KvCache after = model.cache("f16")) {
      assertThatThrownBy(
              () -> model.transformer.prefill(List.of(cancelled), ids, NOTHING, listener))
          .isInstanceOf(CancellationException.class);
      assertThat(model.prefill(List.of(after), ids(10, 7))).hasDimensions(10, 70);
    }
  }

  @Test
  void onlyWantedLogitsAreComputed() {
    List<Integer> rows = new ArrayList<>();
    LogitSink everyThird =
        new LogitSink() {
          @Override
          public boolean wants(int input, int row) {
            return row % 3 == 0;
          }

          @Override
          public void accept(int input, int row, float[] logits, int at) {
            rows.add(row);
          }
        };
    try (KvCache cache = model.cache("f16")) {
      model.transformer.prefill(List.of(cache), ids(10, 8), everyThird, PassListener.NONE);
      assertThat(rows).containsExactly(0, 3, 6, 9);
    }
  }

  @Test
  void inputThatCannotPassIsRefusedInOneSentence() {
    try (KvCache cache = model.cache("f16");
        TestModel other =
            TestModel.open(
                RandomModel.of("llama", TensorType.Q4_0)
                    .layers(1)
                    .writer()
                    .write(folder.resolve("o")),
                1);
        KvCache foreign = other.cache("f16")) {
      assertRefused(cache, new int[] {3, 70}, "token 70 is outside the vocabulary of 70");
      assertRefused(cache, new int[] {-1}, "token -1 is outside the vocabulary of 70");
      assertRefused(cache, new int[0], "a pass needs at least one token, got none");
      assertRefused(foreign, new int[] {3}, "the cache has the shape of another model");
      model.forward(cache, 1, 2, 3);
      assertRefused(cache, new int[2046], "2046 tokens after 3 exceed the context of 2048");
      assertThatThrownBy(() -> model.forward(List.of(input(cache), input(cache))))
          .hasMessage("inputs 0 and 1 are the same sequence");
      assertThat(cache.seen()).isEqualTo(3);
    }
  }

  private static final LogitSink NOTHING =
      new LogitSink() {
        @Override
        public boolean wants(int input, int row) {
          return false;
        }

        @Override
        public void accept(int input, int row, float[] logits, int at) {}
      };

  private void assertRefused(KvCache cache, int[] ids, String sentence) {
    assertThatThrownBy(() -> model.forward(List.of(new Input(cache, ids, Role.PROMPT))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
    assertThatThrownBy(() -> model.prefill(List.of(cache), ids))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertEqual(float[][] actual, float[][] expected) {
    assertThat(actual).hasDimensions(expected.length, RandomModel.VOCABULARY);
    for (int t = 0; t < expected.length; t++) {
      assertThat(Arrays.equals(actual[t], expected[t])).as("row %d is equal", t).isTrue();
    }
  }

  private static Input input(KvCache cache) {
    return new Input(cache, new int[] {1}, Role.DECODED);
  }

  private static int[] ids(int n, int seed) {
    return new Random(seed).ints(n, 0, RandomModel.VOCABULARY).toArray();
  }
}
