package io.kvasir.kv.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixKvTest extends BudgetContract {
  private static final int TOKENS = 100;

  @Override
  Budget budget() {
    return new PrefixKv(1);
  }

  @Test
  void concentratedLayerNeedsLittleAndAnEvenOneMuch() {
    float[] concentrated = new float[TOKENS];
    concentrated[40] = 1;
    float[] even = new float[TOKENS];
    Arrays.fill(even, 0.01f);
    int[] kept = kept(50, concentrated, even);
    assertThat(kept[0]).isBetween(3, 4);
    assertThat(kept[1]).isBetween(96, 97);
    assertThat(sum(kept)).isEqualTo(100);
  }

  @Test
  void equalLayersKeepEqualNumbers() {
    float[] scores = random(1, 2);
    assertThat(kept(50, scores, scores, scores)).containsExactly(50, 50, 50);
  }

  /** The definition, written out: the share is tried in small steps instead of halved. */
  @ParameterizedTest
  @ValueSource(ints = {10, 25, 50, 75})
  void layersKeepWhatHoldsTheSameShareOfTheirScores(int mean) {
    float[][] scores = {random(1, 1), random(2, 3), random(3, 6), random(4, 2)};
    int most = 4 * (TOKENS - mean);
    int[] forgotten = new int[4];
    double share = 1;
    while (sum(forgotten) <= most) {
      share -= 1e-4;
      for (int layer = 0; layer < 4; layer++) {
        forgotten[layer] = Math.max(0, TOKENS - needed(scores[layer], share) - 2);
      }
    }
    int[] kept = kept(mean, scores);
    for (int layer = 0; layer < 4; layer++) {
      double scaled = forgotten[layer] * (double) most / sum(forgotten);
      assertThat((double) kept[layer])
          .isBetween(TOKENS - scaled - 1.5, TOKENS - scaled + 1.5); // steps, rounding
    }
    assertThat(sum(kept)).isEqualTo(4 * mean);
  }

  private static int needed(float[] scores, double share) {
    double[] best = new double[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      best[i] = -scores[i];
    }
    Arrays.sort(best);
    double all = -Arrays.stream(best).sum();
    double held = 0;
    int count = 0;
    while (count < TOKENS && held < share * all) {
      held -= best[count++];
    }
    return Math.max(1, count);
  }

  @Test
  void scoresThatAreNoAmountsAreRefused() {
    assertThatThrownBy(() -> KvPlan.parse("knorm(keep=25%) | prefixkv"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(
            "prefixkv: adds up shares of scores, and those of the plan's scorer are no amounts; "
                + "expected for example h2o");
  }

  private static int[] kept(int mean, float[]... scores) {
    ArrayAllotment allotment =
        new ArrayAllotment(scores.length, 2, TOKENS, mean, 2, Calibrations.NONE).scored(scores);
    new PrefixKv(1).allot(allotment);
    return allotment.firstHeads();
  }

  /** Positive numbers, the more unequal the higher the power. */
  private static float[] random(long seed, int power) {
    Random random = new Random(seed);
    float[] scores = new float[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      scores[i] = (float) Math.pow(random.nextDouble(), power);
    }
    return scores;
  }
}
