package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.Rotary;
import io.kvasir.kv.codec.Codec;
import io.kvasir.kv.codec.Shortening;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads whose pairs become fewer: what is stored is less than what was seen. */
class ShortenerTest {
  private static final int DIM = 32;
  private static final LayerShape FULL = LayerShape.full(4, 2, DIM);
  private static final LayerShape WINDOW = new LayerShape(4, 2, DIM, DIM, 50, 0.2f);
  private static final String PLAN = "freqkv(retain=50%,sinks=4,recent=6,capacity=90)";
  private static final Rotary ROTARY =
      new Rotary(Rotary.Pairs.HALVES, DIM, 10_000, new float[0], 1, 4096);

  /**
   * A head by the definition: rows before rotation, turned by their index whenever they are used.
   */
  private static final class Naive {
    private final ToyModel model;
    private final Shortening how;
    private final List<float[]> keys = new ArrayList<>(); // before rotation
    private final List<float[]> values = new ArrayList<>();

    Naive(ToyModel model, String plan) {
      this.model = model;
      Codec codec = KvPlan.parse(plan).keyCodec(0);
      this.how = codec.shortening().orElseThrow();
    }

    double[] step(int head, int position) {
      int g = head / 2;
      keys.add(turned(slice(model.k(0, position), g), -position));
      values.add(slice(model.v(0, position), g));
      int at = keys.size() - 1;
      float[] query = turned(turned(slice(model.q(0, position), head), -position), at);
      float[][] turned =
          IntStream.rangeClosed(0, at)
              .mapToObj(i -> turned(keys.get(i), i))
              .toArray(float[][]::new);
      double[] out =
          ToyModel.attention(query, FULL.scale(), turned, values.toArray(float[][]::new));
      if (keys.size() == how.capacity()) {
        shorten(keys);
        shorten(values);
      }
      return out;
    }

    private void shorten(List<float[]> rows) {
      List<float[]> span = rows.subList(how.sinks(), how.sinks() + how.span());
      float[] joined = new float[span.size() * DIM];
      for (int i = 0; i < span.size(); i++) {
        System.arraycopy(span.get(i), 0, joined, i * DIM, DIM);
      }
      float[] left = how.transform().apply(joined, span.size(), DIM, how.left());
      span.clear();
      for (int i = 0; i < how.left(); i++) {
        span.add(slice(left, i));
      }
    }

    private static float[] turned(float[] row, int position) {
      float[] turned = row.clone();
      ROTARY.rotate(turned, 0, 1, 0, position);
      return turned;
    }

    private static float[] slice(float[] rows, int index) {
      return Arrays.copyOfRange(rows, index * DIM, (index + 1) * DIM);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PLAN,
        "freqkv(retain=50%,sinks=0,capacity=64)",
        "freqkv(retain=30%,sinks=5,recent=40,capacity=200)"
      })
  void tokensAttendAsTheDefinitionSays(String plan) {
    try (ToyModel model = new ToyModel(3, 2, FULL);
        KvCache cache = model.cache(plan)) {
      Naive naive = new Naive(model, plan);
      for (int position = 0; position < 450; position++) {
        double[] expected = naive.step(3, position);
        float[] out = model.step(1, cache)[0][0];
        for (int d = 0; d < DIM; d++) {
          assertThat((double) out[3 * DIM + d]).isCloseTo(expected[d], within(4e-3));
        }
        assertThat(cache.pairs()).isEqualTo(2L * naive.keys.size());
      }
      assertThat(cache.seen()).isEqualTo(450);
    }
  }

  @Test
  void untilItIsFullAHeadIsOneOfF16() {
    try (ToyModel model = new ToyModel(4, 2, FULL, FULL);
        KvCache cache = model.cache(PLAN);
        KvCache f16 = model.cache("f16")) {
      for (int i = 0; i < 90; i++) {
        assertThat(model.step(1, cache)[0][0]).isEqualTo(model.step(1, f16)[0][0]);
        assertThat(cache.codedShare()).isEqualTo(i < 89 ? 0 : 1 - 6 / 90.0);
      }
      assertThat(model.step(1, cache)[0][0]).isNotEqualTo(model.step(1, f16)[0][0]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "coded", "chunked:50"})
  void retainingEverythingIsTheFullCacheBitForBit(String mode) {
    try (ToyModel model = new ToyModel(4, 2, FULL, WINDOW);
        KvCache cache = model.cache("freqkv(retain=100%,capacity=64)");
        KvCache f16 = model.cache("f16")) {
      for (KvCache each : List.of(cache, f16)) {
        if (mode.equals("exact")) {
          model.prefill(200, 64, each);
        } else {
          model.read(PrefillMode.parse(mode), 200, each);
        }
      }
      assertThat(cache.bytes()).isEqualTo(f16.bytes());
      assertThat(model.step(1, cache)[0][0]).isEqualTo(model.step(1, f16)[0][0]);
    }
  }

  /** Rows of the toy do not depend on what was read, so all ways lead to the same pairs. */
  @ParameterizedTest
  @CsvSource({"exact, 1, 64", "exact, 2, 300", "chunked:37, 1, 0", "coded, 2, 0"})
  void whateverTheWayThePairsAreTheSameBitForBit(String mode, int threads, int tile) {
    try (ToyModel model = new ToyModel(5, threads, FULL, WINDOW, FULL);
        KvCache cache = model.cache(PLAN);
        KvCache oneByOne = model.cache(PLAN)) {
      if (mode.equals("exact")) {
        model.prefill(300, tile, cache);
      } else {
        model.read(PrefillMode.parse(mode), 300, cache);
      }
      model.read(new PrefillMode.Chunked(1), 300, oneByOne);
      assertThat(model.step(1, cache)[0][0]).isEqualTo(model.step(1, oneByOne)[0][0]);
      assertThat(cache.positions(2, 1)).isEqualTo(oneByOne.positions(2, 1)).endsWith(299, 300);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {89, 90, 91, 129, 130, 131, 333, 1000})
  void heldBytesAreThoseComputedBeforehandAndNeverMore(int tokens) {
    try (ToyModel model = new ToyModel(6, 2, FULL, WINDOW, FULL);
        KvCache cache = model.cache(PLAN)) {
      model.prefill(tokens, 64, cache);
      assertThat(cache.bytes())
          .isEqualTo(Footprint.bytes(cache.plan(), model.shape, tokens))
          .isEqualTo(model.pool.usedBytes() + (tokens < 90 ? 0 : 2 * 2 * 4 * 4 * DIM));
      int stored = tokens < 90 ? tokens : 50 + (tokens - 90) % 40;
      assertThat(cache.positions(0, 0))
          .isEqualTo(IntStream.range(tokens - stored, tokens).toArray());
      assertThat(cache.coded(0, 0)).isEqualTo(tokens < 90 ? 0 : 44);
    }
  }

  @Test
  void forksGoTheirOwnWay() {
    try (ToyModel model = new ToyModel(7, 2, FULL);
        KvCache cache = model.cache(PLAN);
        KvCache alone = model.cache(PLAN)) {
      model.prefill(120, 64, cache);
      model.prefill(120, 64, alone);
      try (KvCache fork = cache.fork()) {
        float[] expected = model.step(1, alone)[0][0];
        for (int i = 0; i < 60; i++) {
          model.step(1, fork);
        }
        assertThat(model.step(1, cache)[0][0]).isEqualTo(expected);
        for (int i = 0; i < 60; i++) {
          assertThat(fork.seen()).isEqualTo(180);
          expected = model.step(1, alone)[0][0];
          assertThat(model.step(1, cache)[0][0]).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void aModelThatDoesNotRotateIsRefused() {
    KvModel plain = KvModel.of(new KvShape(List.of(FULL)));
    try (PagePool pool = new PagePool()) {
      assertThatThrownBy(() -> KvCache.create(KvPlan.parse(PLAN), plain, pool))
          .isInstanceOf(KvPlanException.class)
          .hasMessage("layer 0 does not rotate its keys; the method needs keys before rotation");
    }
  }
}
