package io.kvasir.engine.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.engine.LogProbs;
import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.TinyModel;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the definition, token by token, on a model of two layers that wants BOS. */
class PerplexityTest {
  private static final int CHUNK = 40;
  private static final KvPlan Q4 = KvPlan.parse("q4");

  @TempDir static Path temp;
  private static Model model;
  private static final int[] TEXT = IntStream.range(0, 130).map(i -> 259 + i * i % 27).toArray();

  @BeforeAll
  static void load() {
    model =
        Model.load(
            TinyModel.writer().write(temp.resolve("tiny.gguf")),
            ModelOptions.DEFAULT.withThreads(2).withPrecision(Precision.EXACT));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void equalsTheDefinitionOnTheSecondHalfOfEveryChunk() {
    List<Double> nll = new ArrayList<>();
    List<Double> kl = new ArrayList<>();
    for (int chunk = 0; chunk < 3; chunk++) {
      // BOS in front of the text, and in place of the first token of every chunk
      int[] ids = new int[CHUNK];
      for (int i = 0; i < CHUNK; i++) {
        ids[i] = i == 0 ? TinyModel.BOS : TEXT[chunk * CHUNK + i - 1];
      }
      float[][] coded = logits(Q4, ids);
      float[][] base = logits(KvPlan.FULL, ids);
      for (int i = CHUNK / 2; i < CHUNK - 1; i++) {
        nll.add(LogProbs.nll(coded[i], ids[i + 1]));
        kl.add(LogProbs.kl(base[i], coded[i]));
      }
    }
    PerplexityResult result = measure(Q4, Optional.of(KvPlan.FULL), PrefillMode.CODED, 99);
    assertThat(result.chunks()).isEqualTo(3);
    assertThat(result.scoredTokens()).isEqualTo(3 * 19);
    assertThat(result.perplexity().value()).isCloseTo(Math.exp(mean(nll)), within(1e-6));
    assertThat(result.perplexity().error())
        .isCloseTo(result.perplexity().value() * error(nll), within(1e-6));
    Divergence divergence = result.divergence().orElseThrow();
    assertThat(divergence.meanKl().value()).isCloseTo(mean(kl), within(1e-9)).isPositive();
    assertThat(divergence.meanKl().error()).isCloseTo(error(kl), within(1e-9));
    assertThat(divergence.maxKl()).isEqualTo(kl.stream().max(Double::compare).orElseThrow());
  }

  @Test
  void aPlanDoesNotDifferFromItself() {
    Divergence none = measure(Q4, Optional.of(Q4), PrefillMode.CODED, 1).divergence().orElseThrow();
    assertThat(none.meanKl()).isEqualTo(new Estimate(0, 0));
    assertThat(none.sameTop()).isEqualTo(new Estimate(1, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "coded", "chunked:8"})
  void aPlanThatDropsPairsDoesSoInEveryMode(String mode) {
    KvPlan half = KvPlan.parse("knorm(keep=10) | f32");
    PerplexityResult result =
        measure(half, Optional.of(KvPlan.parse("f32")), PrefillMode.parse(mode), 2);
    assertThat(result.prefill()).isEqualTo(mode);
    assertThat(result.divergence().orElseThrow().meanKl().value()).isGreaterThan(1e-3);
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertThatThrownBy(() -> new Perplexity(Q4, Optional.empty(), PrefillMode.EXACT, 3, 1))
        .hasMessage("chunk-tokens=3 must be at least 4");
    assertThatThrownBy(() -> new Perplexity(Q4, Optional.empty(), PrefillMode.EXACT, 4, 0))
        .hasMessage("chunks=0 must be at least 1");
    Perplexity perplexity = new Perplexity(Q4, Optional.empty(), PrefillMode.EXACT, 132, 1);
    assertThatThrownBy(() -> perplexity.measure(model, TEXT, PassListener.NONE))
        .hasMessage("the text has 131 tokens; expected at least one chunk of 132");
  }

  @Test
  void endsWhenTheListenerSaysSoAndFreesItsPages() {
    Perplexity perplexity = new Perplexity(Q4, Optional.of(Q4), PrefillMode.CODED, CHUNK, 3);
    assertThatThrownBy(
            () ->
                perplexity.measure(
                    model,
                    TEXT,
                    (done, total) -> {
                      if (done == 1) {
                        throw new CancellationException();
                      }
                    }))
        .isInstanceOf(CancellationException.class);
    assertThat(model.pool().usedBytes()).isZero();
  }

  private static PerplexityResult measure(
      KvPlan plan, Optional<KvPlan> base, PrefillMode mode, int chunks) {
    return new Perplexity(plan, base, mode, CHUNK, chunks).measure(model, TEXT, PassListener.NONE);
  }

  /** After each token, one by one. */
  private static float[][] logits(KvPlan plan, int[] ids) {
    try (Sequence sequence = model.sequence(plan)) {
      return Arrays.stream(ids)
          .mapToObj(id -> sequence.follow(new int[] {id})[0])
          .toArray(float[][]::new);
    }
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(x -> x).average().orElseThrow();
  }

  /** Standard error of the mean. */
  private static double error(List<Double> values) {
    double mean = mean(values);
    double squares = values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    return Math.sqrt(squares / values.size() / (values.size() - 1));
  }
}
