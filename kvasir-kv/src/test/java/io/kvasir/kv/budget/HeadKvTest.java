package io.kvasir.kv.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadKvTest extends BudgetContract {
  private static final double[] GOLDEN = {8, 4, 2, 1, 1, 0, 0, 0};

  @Override
  Budget budget() {
    return new HeadKv(HeadScores.R2, 1.5);
  }

  /** Few heads with much, many with little, as probes find. */
  @Override
  Calibrations calibrations() {
    return name -> {
      assertThat(name).isEqualTo("headkv(scores=r2)");
      return (layer, array) -> scores(layer);
    };
  }

  private static float[] scores(int layer) {
    Random random = new Random(layer);
    float[] scores = new float[12];
    for (int h = 0; h < scores.length; h++) {
      scores[h] = (float) Math.exp(2 * random.nextGaussian());
    }
    return scores;
  }

  @Test
  void dividesTheGoldenPool() {
    assertThat(HeadKv.divide(GOLDEN, 20, 100, 10_000))
        .containsExactly(new double[] {420, 220, 120, 70, 70, 20, 20, 20}, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.005, 1.01, 1.1, 1.2, 1.5, 2, 5, 10})
  void equalHeadsGetTheSameWhateverBeta(double beta) {
    HeadKv budget = new HeadKv(HeadScores.R2, beta);
    ArrayAllotment allotment =
        new ArrayAllotment(2, 4, 1000, 128, 8, name -> (layer, array) -> filled(12));
    budget.allot(allotment);
    assertThat(allotment.kept())
        .isDeepEqualTo(new int[][] {{128, 128, 128, 128}, {128, 128, 128, 128}});
  }

  private static float[] filled(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  @ParameterizedTest
  @CsvSource({"1.005, 1", "1.01, 2", "1.1, 11", "1.2, 20", "1.5, 40", "2, 60", "5, 96", "10, 108"})
  void everyHeadIsSureOfItsFloor(double beta, int floor) {
    float[] onlyTheFirst = new float[12];
    onlyTheFirst[0] = 1;
    ArrayAllotment allotment =
        new ArrayAllotment(1, 4, 10_000, 128, 8, name -> (layer, array) -> onlyTheFirst);
    new HeadKv(HeadScores.R2, beta).allot(allotment);
    assertThat(allotment.kept()[0][1]).isEqualTo(8 + floor);
    assertThat(sum(allotment.kept()[0])).isEqualTo(4 * 128);
  }

  @Test
  void whatAHeadCannotTakeGoesToTheOthers() {
    double[] pairs = HeadKv.divide(GOLDEN, 20, 100, 200);
    assertThat(pairs)
        .containsExactly(new double[] {200, 200, 200, 150, 150, 20, 20, 20}, within(1e-9));
    assertThat(Arrays.stream(HeadKv.divide(new double[] {1, 0, 0}, 0, 50, 100)).toArray())
        .containsExactly(new double[] {100, 25, 25}, within(1e-9));
  }

  /** The definition: cut the heads that have too much, divide the rest of the pool anew. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void dividesAsTheDefinition(long seed) {
    Random random = new Random(seed);
    double[] scores = random.doubles(90).map(x -> x < 0.2 ? 0 : Math.pow(x, 6)).toArray();
    int most = 150 + random.nextInt(400);
    int pooled = 10 + random.nextInt(90);
    double[] expected = new double[scores.length];
    boolean[] full = new boolean[scores.length];
    boolean again = true;
    while (again) {
      again = false;
      int filled = (int) IntStream.range(0, full.length).filter(i -> full[i]).count();
      double pool = pooled * 90.0 - filled * (most - 30.0);
      double open =
          IntStream.range(0, full.length).filter(i -> !full[i]).mapToDouble(i -> scores[i]).sum();
      for (int i = 0; i < full.length; i++) {
        expected[i] = full[i] ? most : 30 + pool * scores[i] / open;
        if (expected[i] > most) {
          full[i] = true;
          again = true;
        }
      }
    }
    assertThat(HeadKv.divide(scores, 30, pooled, most)).containsExactly(expected, within(1e-6));
  }

  @Test
  void theGroupsMeanCounts() {
    float[] scores = {3, 0, 0, 1, 1, 1};
    ArrayAllotment allotment =
        new ArrayAllotment(1, 2, 1000, 100, 0, name -> (layer, array) -> scores);
    budget().allot(allotment);
    assertThat(allotment.kept()[0]).containsExactly(100, 100);
  }

  @Test
  void plansNameItsScoresAndItsPool() {
    assertThat(KvPlan.parse("headkv(keep=25%,scores=r2,beta=1.5)"))
        .isEqualTo(KvPlan.parse("headkv(keep=25%)"))
        .hasToString(
            "snapkv(keep=25%,window=8,kernel=7,pool=max) | headkv(scores=r2,beta=1.5) | f16");
    assertThatThrownBy(() -> KvPlan.parse("headkv(keep=25%,scores=best)"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("headkv: scores=best is not one of retrieval, r2, induction");
    assertThatThrownBy(() -> KvPlan.parse("headkv(keep=25%,beta=0.5)"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("headkv: beta=0.5 is out of range; expected 1 to 10000");
  }
}
