package io.kvasir.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.engine.ModelFormatException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
  private static final int[] NOTHING = {};

  /** Softmax 0.1, 0.4, 0.2, 0.3. */
  private static final float[] LOGITS = {
    (float) Math.log(1), (float) Math.log(4), (float) Math.log(2), (float) Math.log(3)
  };

  private static final Sampling PLAIN = Sampling.GREEDY.withTemperature(1);

  private static double[] frequencies(Sampling sampling, float[] logits) {
    Sampler sampler = new Sampler(sampling);
    int draws = 40_000;
    double[] frequencies = new double[logits.length];
    for (int i = 0; i < draws; i++) {
      frequencies[sampler.next(logits, NOTHING)] += 1.0 / draws;
    }
    return frequencies;
  }

  private static void assertDrawn(Sampling sampling, double... probabilities) {
    double[] frequencies = frequencies(sampling, LOGITS);
    for (int id = 0; id < probabilities.length; id++) {
      assertThat(frequencies[id]).as("token %d", id).isCloseTo(probabilities[id], within(0.01));
      if (probabilities[id] == 0) {
        assertThat(frequencies[id]).isZero();
      }
    }
  }

  @Test
  void drawsFromTheSoftmax() {
    assertDrawn(PLAIN, 0.1, 0.4, 0.2, 0.3);
  }

  @Test
  void temperatureFlattensAndSharpens() {
    double[] squared = {1 / 30.0, 16 / 30.0, 4 / 30.0, 9 / 30.0};
    assertDrawn(PLAIN.withTemperature(0.5), squared);
    assertDrawn(PLAIN.withTemperature(100), 0.25, 0.25, 0.25, 0.25);
  }

  @Test
  void topKKeepsTheBest() {
    assertDrawn(PLAIN.withTopK(2), 0, 4 / 7.0, 0, 3 / 7.0);
    assertDrawn(PLAIN.withTopK(1), 0, 1, 0, 0);
    assertDrawn(PLAIN.withTopK(9), 0.1, 0.4, 0.2, 0.3);
  }

  @Test
  void topPKeepsTheFewestThatReachIt() {
    assertDrawn(PLAIN.withTopP(0.69), 0, 4 / 7.0, 0, 3 / 7.0);
    assertDrawn(PLAIN.withTopP(0.71), 0, 4 / 9.0, 2 / 9.0, 3 / 9.0);
    assertDrawn(PLAIN.withTopP(1e-9), 0, 1, 0, 0);
  }

  @Test
  void topPCountsWhatTopKLeft() {
    // Of the two best the first has 4/7 = 0.571.
    assertDrawn(PLAIN.withTopK(2).withTopP(0.57), 0, 1, 0, 0);
    assertDrawn(PLAIN.withTopK(2).withTopP(0.58), 0, 4 / 7.0, 0, 3 / 7.0);
  }

  @Test
  void minPKeepsAShareOfTheBest() {
    assertDrawn(PLAIN.withMinP(0.74), 0, 4 / 7.0, 0, 3 / 7.0);
    assertDrawn(PLAIN.withMinP(0.49), 0, 4 / 9.0, 2 / 9.0, 3 / 9.0);
    assertDrawn(PLAIN.withMinP(1), 0, 1, 0, 0);
  }

  @Test
  void temperatureComesAfterTheFilters() {
    assertDrawn(PLAIN.withTopP(0.69).withTemperature(100), 0, 0.5, 0, 0.5);
    assertDrawn(PLAIN.withMinP(0.74).withTemperature(100), 0, 0.5, 0, 0.5);
  }

  @Test
  void repetitionPenaltyDividesPositiveLogitsAndMultipliesNegativeOnes() {
    Sampler sampler = new Sampler(Sampling.GREEDY.withRepetitionPenalty(2));
    assertThat(sampler.next(new float[] {4, 3, -1}, new int[] {0})).isEqualTo(1);
    assertThat(sampler.next(new float[] {-3, -2, -3.5f}, new int[] {1, 1})).isEqualTo(0);
    // Said twice costs once: 4 / 2 stays above 1.5.
    assertThat(sampler.next(new float[] {4, 1.5f}, new int[] {0, 0})).isEqualTo(0);
  }

  @Test
  void repetitionPenaltyForgetsWhatIsLongAgo() {
    int[] before = new int[Sampler.PENALTY_WINDOW + 1];
    Arrays.fill(before, 1);
    before[0] = 0;
    Sampler sampler = new Sampler(Sampling.GREEDY.withRepetitionPenalty(9));
    assertThat(sampler.next(new float[] {4, 5, 0}, before)).isEqualTo(0);
    assertThat(sampler.next(new float[] {4, 5, 3}, Arrays.copyOf(before, before.length - 1)))
        .isEqualTo(2);
  }

  @Test
  void leavesTheLogitsAsTheyAre() {
    float[] logits = LOGITS.clone();
    new Sampler(PLAIN.withRepetitionPenalty(3).withTopK(2)).next(logits, new int[] {1});
    assertThat(logits).containsExactly(LOGITS);
  }

  @Test
  void greedyTakesTheLowestIdOfEqualOnes() {
    assertThat(new Sampler(Sampling.GREEDY).next(new float[] {1, 7, 7, 2}, NOTHING)).isEqualTo(1);
    assertThat(new Sampler(PLAIN.withTopK(1)).next(new float[] {1, 7, 7, 2}, NOTHING)).isEqualTo(1);
  }

  @Test
  void theSameSeedGivesTheSameTokens() {
    Sampling hot = PLAIN.withTemperature(2).withTopP(0.9).withSeed(42);
    assertThat(draw(hot)).isEqualTo(draw(hot)).isNotEqualTo(draw(hot.withSeed(43)));
    // The stream itself is part of the promise: these change only with the generator.
    assertThat(draw(PLAIN.withSeed(1)).subList(0, 12))
        .containsExactly(3, 0, 0, 1, 3, 1, 3, 1, 3, 3, 0, 1);
  }

  private static List<Integer> draw(Sampling sampling) {
    Sampler sampler = new Sampler(sampling);
    return IntStream.range(0, 200).map(i -> sampler.next(LOGITS, NOTHING)).boxed().toList();
  }

  @Test
  void filtersDoNotChangeHowManyRandomNumbersATokenCosts() {
    Sampler plain = new Sampler(PLAIN.withSeed(5));
    Sampler filtered = new Sampler(PLAIN.withSeed(5).withTopK(3));
    float[] same = {0, 0, 0, Float.NEGATIVE_INFINITY};
    for (int i = 0; i < 100; i++) {
      filtered.next(i % 2 == 0 ? LOGITS : same, NOTHING);
      plain.next(LOGITS, NOTHING);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(filtered.next(same, NOTHING)).isEqualTo(plain.next(same, NOTHING));
    }
  }

  @Test
  void brokenLogitsAreRefused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new Sampler(Sampling.GREEDY).next(new float[] {1, bad, 0}, NOTHING))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage(
              "the model computed logits that are no finite numbers; its weights are broken");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-0.1, 0, 1, 0, 1, temperature=-0.1 must be 0 to 100",
    "NaN, 0, 1, 0, 1, temperature=NaN must be 0 to 100",
    "0, -1, 1, 0, 1, top-k=-1 must be 0 (all) or more",
    "0, 0, 0, 0, 1, top-p=0.0 must be above 0 and at most 1",
    "0, 0, 1.1, 0, 1, top-p=1.1 must be above 0 and at most 1",
    "0, 0, 1, -1, 1, min-p=-1.0 must be 0 to 1",
    "0, 0, 1, 0, 0, repetition-penalty=0.0 must be above 0 and at most 100",
    "0, 0, 1, 0, Infinity, repetition-penalty=Infinity must be above 0 and at most 100",
  })
  void valuesOutOfRangeAreRefusedByName(
      double temperature, int topK, double topP, double minP, double penalty, String sentence) {
    assertThatThrownBy(() -> new Sampling(temperature, topK, topP, minP, penalty, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  @Test
  void candidatesComeSorted() {
    Random random = new Random(6);
    float[] logits = new float[1000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextInt(100) / 10f - 5;
    }
    logits[17] = -0f;
    logits[18] = 0f;
    List<Integer> expected =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble(id -> -(logits[id] + 0f)))
            .toList();
    Candidates candidates = new Candidates(logits);
    assertThat(IntStream.range(0, logits.length).map(i -> candidates.next()).boxed().toList())
        .isEqualTo(expected);
    assertThat(candidates.isEmpty()).isTrue();
  }
}
