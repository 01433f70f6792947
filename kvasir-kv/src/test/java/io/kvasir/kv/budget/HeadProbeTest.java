package io.kvasir.kv.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvShape;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.calibration.Calibrated.Reading;
import io.kvasir.kv.calibration.CalibrationText;
import io.kvasir.kv.calibration.PromptRows;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class HeadProbeTest {
  private static final int BOS = -7;
  private static final int STOP = ".".hashCode();

  /** Sentences of ten words; a word is a token, and so is the stop behind it. */
  private record Words(int count, Reading reading) implements CalibrationText {
    @Override
    public List<int[]> windows() {
      return List.of(ids());
    }

    @Override
    public int[] ids() {
      return IntStream.range(0, count).map(i -> i % 11 == 10 ? STOP : i).toArray();
    }

    @Override
    public int[] encode(String text) {
      return Arrays.stream(text.strip().replace(".", " .").split("\\s+", -1))
          .mapToInt(String::hashCode)
          .toArray();
    }

    @Override
    public int[] words() {
      return IntStream.range(1000, 4000).toArray();
    }

    @Override
    public int[] begun(int[] ids) {
      return IntStream.concat(IntStream.of(BOS), IntStream.of(ids)).toArray();
    }
  }

  private static List<NeedlePrompt> prompts(HeadScores scores, int tokens, int length) {
    return scores.prompts(new Words(5000, new Reading(tokens, length))).stream()
        .map(NeedlePrompt.class::cast)
        .toList();
  }

  private static List<RepeatedPrompt> repeated(int tokens, int length) {
    return RepeatedPrompt.all(new Words(5000, new Reading(tokens, length)));
  }

  @ParameterizedTest
  @EnumSource(value = HeadScores.class, names = "INDUCTION", mode = Mode.EXCLUDE)
  void theAnswerStandsInTheNeedleAndAtTheEnd(HeadScores scores) {
    for (NeedlePrompt prompt : prompts(scores, 20_000, 1000)) {
      int steps = prompt.steps();
      assertThat(Arrays.copyOfRange(prompt.ids(), prompt.span(), prompt.span() + steps))
          .isEqualTo(Arrays.copyOfRange(prompt.ids(), prompt.answer(), prompt.answer() + steps))
          .hasSizeGreaterThan(10);
      assertThat(prompt.ids()[0]).isEqualTo(BOS);
      assertThat(prompt.span() + steps).isLessThan(prompt.answer());
    }
  }

  @Test
  void needlesStandBehindSentences() {
    Words text = new Words(5000, new Reading(20_000, 1000));
    Needle needle = Needles.reasoning(text).getFirst();
    for (NeedlePrompt prompt : NeedlePrompt.all(text, List.of(needle), (w, n, p, step) -> 0)) {
      int before = prompt.ids()[prompt.span() - needle.span() - 1];
      assertThat(before).isIn(BOS, STOP);
    }
  }

  @Test
  void lengthsAndDepthsKeepToTheReading() {
    List<NeedlePrompt> prompts = prompts(HeadScores.RETRIEVAL, 81_920, 2048);
    assertThat(prompts).hasSize(3 * 5 * 5);
    assertThat(prompts.stream().mapToInt(p -> p.ids().length).distinct())
        .containsExactly(256, 512, 1024, 1536, 2048);
    assertThat(prompts.stream().mapToInt(p -> p.ids().length).sum()).isLessThanOrEqualTo(81_920);
    assertThat(prompts(HeadScores.R2, 81_920, 2048)).hasSize(2 * 5 * 7);
    assertThat(prompts(HeadScores.R2, 2048, 2048)).hasSize(2 * 5);
  }

  @Test
  void contextsWithoutRoomForANeedleAreRefused() {
    assertThatThrownBy(() -> prompts(HeadScores.R2, 1000, 64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a prompt may have 64; expected at least")
        .hasMessageEndingWith("to ask for 2 needles");
  }

  /**
   * Two heads of one token's width: head 0 looks at the token whose successor is copied, head 1 at
   * nothing in particular. Keys are one-hot by position, and queries pick the position.
   */
  @ParameterizedTest
  @EnumSource(value = HeadScores.class, names = "INDUCTION", mode = Mode.EXCLUDE)
  void aHeadThatCopiesScoresAndOneThatDoesNotDoesNot(HeadScores scores) {
    NeedlePrompt prompt = prompts(scores, 1000, 200).getFirst();
    int tokens = prompt.ids().length;
    int dim = tokens; // a channel for every position
    LayerShape shape = new LayerShape(2, 1, dim, 1, 0, 1);
    KvLayer layer = KvModel.of(new KvShape(List.of(shape))).layer(0);
    float[] keys = new float[tokens * dim];
    float[] queries = new float[tokens * 2 * dim];
    for (int t = 0; t < tokens; t++) {
      keys[t * dim + t] = 1;
      int step = t + 1 - prompt.answer(); // the step in which token t is the query
      if (step >= 0 && step < prompt.steps()) {
        queries[t * 2 * dim + prompt.span() + step] = 30; // head 0
      }
    }
    HeadProbe probe = new HeadProbe(List.of(prompt), shape);
    probe.read(0, new PromptRows(layer, tokens, queries, keys, new float[tokens]));
    float[] found = Objects.requireNonNull(probe.arrays().get("scores"));
    assertThat(found[0]).isCloseTo(1, within(1e-5f));
    assertThat(found[1]).isEqualTo((float) uniform(scores, prompt), within(1e-6f));
  }

  /** All weights are equal: the first position is the largest, and every one among the largest. */
  private static double uniform(HeadScores scores, NeedlePrompt prompt) {
    if (scores == HeadScores.RETRIEVAL) {
      return 0;
    }
    double sum = 0;
    for (int step = 0; step < prompt.steps(); step++) {
      sum += 1.0 / (prompt.answer() + step);
    }
    return sum;
  }

  @Test
  void runsOfWordsAreRepeated() {
    List<RepeatedPrompt> prompts = repeated(3 * 2049, 2049);
    assertThat(prompts).hasSize(3);
    for (RepeatedPrompt prompt : prompts) {
      assertThat(prompt.ids()).hasSize(2049);
      assertThat(prompt.ids()[0]).isEqualTo(BOS);
      for (int t = 1; t < 2049; t++) {
        assertThat(prompt.ids()[t])
            .isBetween(1000, 3999)
            .isEqualTo(prompt.ids()[(t - 1) % 512 + 1]);
      }
    }
    assertThat(prompts.get(0).ids()).isNotEqualTo(prompts.get(1).ids());
    assertThat(repeated(3 * 2049, 2049).get(2).ids()).isEqualTo(prompts.get(2).ids());
    assertThat(repeated(100, 201)).hasSize(1).first().extracting(RepeatedPrompt::run).isEqualTo(50);
  }

  @Test
  void contextsWithoutRoomForRunsAreRefused() {
    assertThatThrownBy(() -> repeated(1000, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a prompt may have 128 tokens, of 3000 words; expected at least 129, to repeat some of"
                + " them");
  }

  /** By the definition, over all tokens and all earlier runs, from random queries and keys. */
  @Test
  void inductionIsTheMassOnWhatFollowedTheSameTokenBefore() {
    RepeatedPrompt prompt = repeated(1, 129).getFirst();
    LayerShape shape = LayerShape.full(2, 1, 8);
    KvLayer layer = KvModel.of(new KvShape(List.of(shape))).layer(0);
    Random random = new Random(3);
    float[] queries = new float[129 * 16];
    float[] keys = new float[129 * 8];
    for (int i = 0; i < queries.length; i++) {
      queries[i] = (float) (3 * random.nextGaussian());
      keys[i / 2] = (float) random.nextGaussian();
    }
    HeadProbe probe = new HeadProbe(List.of(prompt), shape);
    probe.read(0, new PromptRows(layer, 129, queries, keys, new float[0]));
    float[] found = Objects.requireNonNull(probe.arrays().get("scores"));
    for (int h = 0; h < 2; h++) {
      double expected = 0;
      for (int t = 33; t < 129; t++) {
        double all = 0;
        double after = 0;
        for (int i = 0; i <= t; i++) {
          double dot = 0;
          for (int d = 0; d < 8; d++) {
            dot += (double) queries[t * 16 + h * 8 + d] * keys[i * 8 + d];
          }
          double weight = Math.exp(dot * shape.scale());
          all += weight;
          boolean follows = i > 1 && i < t && (t - (i - 1)) % 32 == 0;
          after += follows ? weight : 0;
        }
        expected += after / all / 96;
      }
      assertThat((double) found[h]).isCloseTo(expected, within(1e-6));
    }
  }

  @Test
  void slidingWindowsScoreNothing() {
    NeedlePrompt prompt = prompts(HeadScores.R2, 1000, 200).getFirst();
    LayerShape shape = new LayerShape(2, 1, 4, 4, 8, 1);
    KvLayer layer = KvModel.of(new KvShape(List.of(shape))).layer(0);
    HeadProbe probe = new HeadProbe(List.of(prompt), shape);
    int tokens = prompt.ids().length;
    probe.read(
        0,
        new PromptRows(layer, tokens, new float[tokens * 8], new float[tokens * 4], new float[0]));
    assertThat(probe.arrays().get("scores")).containsOnly(0);
  }
}
