package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefillModeTest {
  private static final int TOKENS = 200; // three chunks of 64, and 8 tokens more
  private static final LayerShape[] LAYERS = ToyModel.layers(2, 4, 2, 64);

  @ParameterizedTest
  @ValueSource(strings = {"exact", "coded", "chunked:1", "chunked:512", "chunked:2147483647"})
  void modesPrintAsTheyAreWritten(String text) {
    assertThat(PrefillMode.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Exact", "chunked", "chunk:5", "exact "})
  void unknownModesAreRefused(String text) {
    assertThatThrownBy(() -> PrefillMode.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "prefill mode \"%s\" is unknown; expected exact, coded or chunked:n, for example chunked:512",
            text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1.5", "ten", "2147483648", " 5"})
  void chunksThatAreNoNumberOfTokensAreRefused(String tokens) {
    assertThatThrownBy(() -> PrefillMode.parse("chunked:" + tokens))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "prefill mode chunked:%s: expected a whole number of tokens from 1 to 2147483647",
            tokens);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "q8",
        "kivi(bits=2)",
        "snapkv(keep=25%,window=16) | q4",
        "h2o(keep=25%) | f16",
        "pyramidkv(keep=25%) | kivi(bits=2)"
      })
  void oneChunkForTheWholePromptIsCodedBitForBit(String plan) {
    try (ToyModel model = new ToyModel(1, 2, LAYERS);
        KvCache chunked = model.cache(plan);
        KvCache coded = model.cache(plan)) {
      float[] last = model.read(new PrefillMode.Chunked(512), TOKENS, chunked);
      assertThat(model.read(PrefillMode.CODED, TOKENS, coded)).isEqualTo(last);
      assertThat(chunked.positions(1, 1)).isEqualTo(coded.positions(1, 1));
      assertThat(chunked.bytes()).isEqualTo(coded.bytes());
      assertThat(model.step(1, chunked)[0][0]).isEqualTo(model.step(1, coded)[0][0]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"f32", "knorm(keep=25%) | f32", "snapkv(keep=30,window=16) | f32", "h2o(keep=1)"})
  void withoutLossOfACodecOneChunkKeepsWhatExactKeeps(String plan) {
    try (ToyModel model = new ToyModel(2, 2, LAYERS);
        KvCache chunked = model.cache(plan);
        KvCache exact = model.cache(plan)) {
      model.read(new PrefillMode.Chunked(TOKENS), TOKENS, chunked);
      model.prefill(TOKENS, 64, exact);
      for (int l = 0; l < LAYERS.length; l++) {
        assertThat(chunked.positions(l, 0)).isEqualTo(exact.positions(l, 0));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"25%, 64", "25%, 50", "60, 64", "100%, 64", "1, 7"})
  void everyChunkIsCutToItsShareOfTheTokensSeenSoFar(String keep, int chunk) {
    try (ToyModel model = new ToyModel(3, 2, LAYERS);
        KvCache cache = model.cache("knorm(keep=" + keep + ") | f32")) {
      List<Integer> expected = new ArrayList<>();
      for (int read = 0; read < TOKENS; ) {
        int rows = Math.min(chunk, TOKENS - read);
        for (int p = read; p < read + rows; p++) {
          expected.add(p);
        }
        read += rows;
        model.step(rows, cache);
        assertThat(cache.positions(1, 1)).containsExactly(ints(expected));
        cache.endChunk(model.workers);
        int kept = Math.min(expected.size(), pairs(cache.plan().keep(), read));
        expected.sort(Comparator.comparingDouble(p -> norm(model, 1, 1, p)));
        expected = new ArrayList<>(expected.subList(0, kept));
        expected.sort(Comparator.naturalOrder());
        assertThat(cache.positions(1, 1)).containsExactly(ints(expected));
      }
      cache.endPrompt(model.workers);
      assertThat(cache.positions(1, 1)).containsExactly(ints(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"test-ada", "test-global"})
  void heedsBudgetsThatMovePairsBetweenHeads(String budget) {
    KvPlan plan = KvPlan.parse(budget + "(keep=25%) | q8", TestBudgets.METHODS);
    try (ToyModel model = new ToyModel(4, 2, LAYERS);
        KvCache cache = model.cache(plan)) {
      model.read(new PrefillMode.Chunked(64), TOKENS, cache);
      assertThat(cache.pairs()).isEqualTo(TOKENS / 4 * 2 * LAYERS.length);
      assertThat(cache.positions(0, 0).length).isNotEqualTo(cache.positions(0, 1).length);
      long before = cache.pairs();
      model.step(1, cache);
      assertThat(cache.pairs()).isEqualTo(before + 2 * LAYERS.length);
    }
  }

  @Test
  void laterChunksReadTheCompressedPast() {
    try (ToyModel model = new ToyModel(5, 2, LAYERS);
        KvCache cache = model.cache("streaming-llm(keep=20,sinks=4) | f32")) {
      model.step(64, cache);
      cache.endChunk(model.workers);
      int[] past = cache.positions(1, 0);
      assertThat(past).hasSize(20);
      float[] row = model.step(3, cache)[0][0];
      int[] visible = new int[21];
      System.arraycopy(past, 0, visible, 0, 20);
      visible[20] = 64;
      double[] expected = model.naive(1, 0, 64, visible);
      for (int d = 0; d < expected.length; d++) {
        assertThat((double) row[d]).isCloseTo(expected[d], within(1e-5));
      }
    }
  }

  @Test
  void aPromptEndsOnce() {
    try (ToyModel model = new ToyModel(6, 1, LAYERS);
        KvCache cache = model.cache("f16")) {
      model.prefill(10, 10, cache);
      assertThatThrownBy(() -> cache.endChunk(model.workers))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the prompt of this cache has ended; later tokens are cut by every=n alone");
      assertThatThrownBy(() -> cache.endPrompt(model.workers))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static int pairs(Keep keep, int seen) {
    return switch (keep) {
      case Keep.Share share -> share.pairs(seen);
      case Keep.Pairs pairs -> pairs.pairs();
      case Keep.Bytes bytes -> throw new IllegalArgumentException("not in this test: " + bytes);
    };
  }

  private static double norm(ToyModel model, int layer, int head, int position) {
    float[] k = model.k(layer, position);
    double sum = 0;
    for (int d = head * 64; d < (head + 1) * 64; d++) {
      sum += (double) k[d] * k[d];
    }
    return Math.sqrt(sum);
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(i -> i).toArray();
  }
}
