package io.kvasir.kv.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.kv.Calibrations;
import org.junit.jupiter.api.Test;

class PooledTest extends BudgetContract {
  @Override
  Budget budget() {
    return new Pooled();
  }

  @Test
  void theBestPairsOfAllLayersStay() {
    assertThat(kept(2, 0, new float[] {9, 1, 2, 8}, new float[] {3, 4, 7, 0}))
        .isDeepEqualTo(new int[][] {{2}, {2}});
    assertThat(kept(2, 0, new float[] {9, 8, 7, 6}, new float[] {1, 2, 3, 4}))
        .isDeepEqualTo(new int[][] {{4}, {1}}); // a head keeps at least one
  }

  @Test
  void protectedPairsStayBesideTheBestOfTheOthers() {
    assertThat(kept(2, 1, new float[] {0, 1, 2, 8}, new float[] {0, 4, 7, 0}))
        .isDeepEqualTo(new int[][] {{2}, {2}});
    assertThat(kept(1, 1, new float[] {0, 1, 2, 8}, new float[] {0, 4, 7, 0}))
        .isDeepEqualTo(new int[][] {{1}, {1}});
  }

  @Test
  void tiesGoToLowerLayersUntilThePlacesAreTaken() {
    assertThat(kept(2, 0, new float[] {5, 5, 5, 1}, new float[] {5, 5, 9, 1}))
        .isDeepEqualTo(new int[][] {{3}, {1}});
  }

  private static int[][] kept(int mean, int protectedPairs, float[]... scores) {
    ArrayAllotment allotment =
        new ArrayAllotment(scores.length, 1, 4, mean, protectedPairs, Calibrations.NONE)
            .scored(scores);
    new Pooled().allot(allotment);
    return allotment.kept();
  }
}
