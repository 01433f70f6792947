package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageSoftmaxTest {
  private static final int ROWS = 7;
  private static final int SLOTS = PageLayout.SLOTS;

  @Test
  void theLargestOfARowIsThatOfTheScalarTwin() {
    float[] x = scores();
    float[] max = new float[ROWS];
    PageSoftmax.max(x, ROWS, max);
    for (int i = 0; i < ROWS; i++) {
      assertThat(max[i]).isEqualTo(Floats.max(x, i * SLOTS, SLOTS));
    }
  }

  @Test
  void weightsAndSumsAreThoseOfTheScalarTwins() {
    float[] x = scores();
    float[] max = new float[ROWS];
    float[] sum = Blocks.floats(ROWS, 2);
    float[] twin = x.clone();
    float[] twinSum = sum.clone();
    PageSoftmax.max(x, ROWS, max);
    PageSoftmax.exp(x, ROWS, max, sum, new float[PageSoftmax.scratch(ROWS)]);
    for (int i = 0; i < ROWS; i++) {
      for (int j = i * SLOTS; j < (i + 1) * SLOTS; j++) {
        twin[j] = ExpRef.exp(twin[j] - max[i]);
      }
      twinSum[i] += FloatsRef.sum(twin, i * SLOTS, SLOTS);
    }
    assertThat(x).isEqualTo(twin);
    assertThat(sum).isEqualTo(twinSum);
  }

  /** Small ones, a row of negative ones, and one whose weights vanish but for one. */
  private static float[] scores() {
    float[] x = Blocks.floats(ROWS * SLOTS, 1);
    for (int j = 0; j < SLOTS; j++) {
      x[SLOTS + j] = -Math.abs(x[SLOTS + j]);
      x[2 * SLOTS + j] *= 100;
      x[3 * SLOTS + j] = 0;
    }
    x[4 * SLOTS + 11] = Float.NEGATIVE_INFINITY;
    return x;
  }
}
