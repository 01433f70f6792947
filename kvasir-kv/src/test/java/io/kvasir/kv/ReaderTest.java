package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.read.ReadStep;
import io.kvasir.kv.read.Reader;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderTest {
  private static final int PAGE = 64;
  private static final Methods METHODS =
      Methods.with(List.of(Even.class, Each.class, Nothing.class, Best.class));
  private static final LayerShape[] LAYERS = ToyModel.layers(2, 6, 2, 64);

  @KvMethod(value = "test-even", summary = "pages 0, 2, ..", source = "this test", cost = "none")
  record Even() implements Reader {
    @Override
    public void select(ReadStep step, boolean[] read) {
      for (int page = 0; page < step.pages(); page += 2) {
        read[page] = true;
      }
    }
  }

  @KvMethod(value = "test-each", summary = "each page, by name", source = "test", cost = "none")
  record Each() implements Reader {
    @Override
    public void select(ReadStep step, boolean[] read) {
      Arrays.fill(read, true);
    }
  }

  @KvMethod(value = "test-nothing", summary = "no page", source = "this test", cost = "none")
  record Nothing() implements Reader {
    @Override
    public void select(ReadStep step, boolean[] read) {}
  }

  /** The page with the highest score of any key with any query of the group. */
  @KvMethod(value = "test-best", summary = "the best page", source = "this test", cost = "none")
  record Best() implements Reader {
    @Override
    public void select(ReadStep step, boolean[] read) {
      float[] query = new float[step.keys().dim()];
      float[] scores = new float[step.keys().count()];
      float best = Float.NEGATIVE_INFINITY;
      int page = 0;
      for (int i = 0; i < step.groupSize(); i++) {
        step.query(i, query, 0);
        step.keys().dots(query, 0, scores);
        for (int slot = 0; slot < scores.length; slot++) {
          if (scores[slot] > best) {
            best = scores[slot];
            page = slot / PAGE;
          }
        }
      }
      read[page] = true;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 64, 127, 128, 700, 1100}) // to the third group of pages
  void pagesThatAreNotChosenGetNoWeight(int tokens) {
    try (ToyModel model = new ToyModel(1, 2, LAYERS);
        KvCache cache = model.cache(plan("f32 | test-even"))) {
      model.prefill(tokens, 128, cache);
      float[] row = model.step(1, cache)[0][0];
      int last = tokens / PAGE;
      assertRow(model, tokens, row, page -> page % 2 == 0 || page == last);
    }
  }

  @Test
  void positionsAreThoseOfThePairsThatStayed() {
    try (ToyModel model = new ToyModel(2, 2, LAYERS);
        KvCache cache = model.cache(plan("knorm(keep=50%) | f32 | test-even"))) {
      model.prefill(500, 128, cache);
      float[] row = model.step(1, cache)[0][0];
      for (int h = 0; h < 6; h++) {
        int[] stored = cache.positions(1, h / 3);
        int last = (stored.length - 1) / PAGE;
        int[] read =
            IntStream.range(0, stored.length)
                .filter(s -> s / PAGE % 2 == 0 || s / PAGE == last)
                .map(s -> stored[s])
                .toArray();
        assertHead(model, h, 500, row, read);
      }
    }
  }

  @Test
  void everyStepIsAskedWithItsOwnQueriesAndKeys() {
    try (ToyModel model = new ToyModel(3, 2, LAYERS);
        KvCache cache = model.cache(plan("f32 | test-best"))) {
      model.prefill(300, 128, cache);
      for (int p = 300; p < 330; p++) {
        float[] row = model.step(1, cache)[0][0];
        for (int g = 0; g < 2; g++) {
          int best = bestPage(model, g, p);
          int last = p / PAGE;
          int[] read =
              IntStream.rangeClosed(0, p)
                  .filter(s -> s / PAGE == best || s / PAGE == last)
                  .toArray();
          for (int h = g * 3; h < (g + 1) * 3; h++) {
            assertHead(model, h, p, row, read);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"f32", "f16", "q8", "q4", "kivi(bits=2,window=128)", "h2o(keep=25%,every=8) | q8"})
  void readingEveryPageIsTheFullCacheBitForBit(String others) {
    try (ToyModel model = new ToyModel(4, 2, LAYERS);
        KvCache each = model.cache(plan(others + " | test-each"));
        KvCache all = model.cache(others)) {
      model.prefill(600, 128, each, all);
      for (int i = 0; i < 40; i++) {
        assertThat(model.step(1, each)[0][0]).isEqualTo(model.step(1, all)[0][0]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"q8", "kivi(bits=2,window=128)"}) // raw rows over three pages
  void codedAndRawRowsAreChosenByPageAlike(String codec) {
    try (ToyModel model = new ToyModel(5, 2, LAYERS);
        KvCache cache = model.cache(plan(codec + " | test-even"))) {
      model.prefill(300, 128, cache);
      HeadStore pairs = cache.layer(1).heads()[0];
      float[][] k = new float[301][];
      float[][] v = new float[301][];
      decode(pairs, 0, 300, k, v); // before the step, which may encode the oldest raw rows
      float[] row = model.step(1, cache)[0][0];
      decode(pairs, 300, 301, k, v);
      int[] read = read(301, page -> page % 2 == 0);
      double[] expected =
          ToyModel.attention(
              Arrays.copyOf(model.q(1, 300), 64), 0.125f, pick(k, read), pick(v, read));
      for (int d = 0; d < 64; d++) {
        assertThat((double) row[d]).isCloseTo(expected[d], within(1e-5));
      }
    }
  }

  @Test
  void slidingWindowLayersAreExempt() {
    LayerShape window = new LayerShape(6, 2, 64, 64, 200, 0.125f);
    try (ToyModel model = new ToyModel(6, 2, window);
        KvCache cache = model.cache(plan("f16 | test-nothing"));
        KvCache all = model.cache("f16")) {
      model.prefill(300, 128, cache, all);
      assertThat(model.step(1, cache)).isDeepEqualTo(model.step(1, all));
    }
  }

  @Test
  void anExactPrefillReadsEverythingAndACodedOneAsksForEveryRow() {
    try (ToyModel model = new ToyModel(7, 2, LAYERS);
        KvCache exact = model.cache(plan("f32 | test-even"));
        KvCache all = model.cache("f32");
        KvCache coded = model.cache(plan("f32 | test-even"))) {
      float[][] outputs = model.prefill(250, 128, exact);
      assertThat(outputs).isDeepEqualTo(model.prefill(250, 128, all));
      float[] last = model.read(PrefillMode.CODED, 250, coded);
      assertRow(model, 249, last, page -> page % 2 == 0 || page == 3);
    }
  }

  @Test
  void aForkIsAskedForItself() {
    try (ToyModel model = new ToyModel(8, 2, LAYERS);
        KvCache original = model.cache(plan("q8 | test-best"))) {
      model.prefill(300, 128, original);
      try (KvCache fork = original.fork()) {
        for (int i = 0; i < 5; i++) {
          assertThat(model.step(1, fork)[0][0]).isEqualTo(model.step(1, original)[0][0]);
        }
      }
    }
  }

  @Test
  void theMassOfAStepGoesToThePagesItRead() {
    try (ToyModel model = new ToyModel(9, 2, LAYERS);
        KvCache cache = model.cache(plan("h2o(keep=1000,every=1000) | f32 | test-even"))) {
      model.prefill(300, 128, cache);
      HeadStore pairs = cache.layer(1).heads()[1];
      float[] before = mass(pairs);
      model.step(1, cache);
      float[] after = mass(pairs);
      double sum = 0;
      for (int s = 0; s < before.length; s++) {
        assertThat(after[s] > before[s]).as("slot %d", s).isEqualTo(s / PAGE % 2 == 0);
        sum += after[s] - before[s];
      }
      assertThat(sum + after[300]).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void choosingNoPageIsRefused() {
    try (ToyModel model = new ToyModel(10, 1, LAYERS);
        KvCache cache = model.cache(plan("f16 | test-nothing"))) {
      model.prefill(300, 128, cache);
      assertThatThrownBy(() -> model.step(1, cache))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "test-nothing: chose none of the 5 pages of layer 0, KV head 0; expected at least one");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"q8 | test-best", "kivi(bits=2) | test-best", "f16 | test-even"})
  void rowsThatComeTogetherAskOneByOne(String plan) {
    try (ToyModel model = new ToyModel(11, 2, LAYERS);
        KvCache together = model.cache(plan(plan));
        KvCache oneByOne = model.cache(plan(plan))) {
      model.prefill(300, 128, together, oneByOne);
      for (float[] row : model.step(70, together)[0]) {
        assertThat(model.step(1, oneByOne)[0][0]).isEqualTo(row);
      }
    }
  }

  private static KvPlan plan(String text) {
    return KvPlan.parse(text, METHODS);
  }

  private static int[] read(int stored, IntPredicate pages) {
    return IntStream.range(0, stored).filter(s -> pages.test(s / PAGE)).toArray();
  }

  private static void decode(HeadStore pairs, int from, int to, float[][] k, float[][] v) {
    for (int slot = from; slot < to; slot++) {
      k[slot] = new float[64];
      v[slot] = new float[64];
      new StoreRows(pairs.keys()).read(slot, k[slot], 0);
      new StoreRows(pairs.values()).read(slot, v[slot], 0);
    }
  }

  private static float[][] pick(float[][] rows, int[] slots) {
    return Arrays.stream(slots).mapToObj(slot -> rows[slot]).toArray(float[][]::new);
  }

  private static float[] mass(HeadStore pairs) {
    float[] mass = new float[pairs.count()];
    for (int s = 0; s < mass.length; s++) {
      mass[s] = pairs.mass().at(AttentionNoise.NONE, s);
    }
    return mass;
  }

  /** By definition, in double: which page of layer 1 holds the key that a query of g likes best. */
  private static int bestPage(ToyModel model, int g, int position) {
    float[] q = model.q(1, position);
    double best = Double.NEGATIVE_INFINITY;
    int page = 0;
    for (int h = g * 3; h < (g + 1) * 3; h++) {
      for (int p = 0; p <= position; p++) {
        float[] k = model.k(1, p);
        double dot = 0;
        for (int d = 0; d < 64; d++) {
          dot += (double) q[h * 64 + d] * k[g * 64 + d];
        }
        if (dot > best) {
          best = dot;
          page = p / PAGE;
        }
      }
    }
    return page;
  }

  private static void assertRow(ToyModel model, int position, float[] row, IntPredicate pages) {
    for (int h = 0; h < 6; h++) {
      assertHead(model, h, position, row, read(position + 1, pages));
    }
  }

  private static void assertHead(
      ToyModel model, int head, int position, float[] row, int[] positions) {
    double[] expected = model.naive(1, head, position, positions);
    for (int d = 0; d < expected.length; d++) {
      assertThat((double) row[head * 64 + d]).isCloseTo(expected[d], within(1e-5));
    }
  }
}
