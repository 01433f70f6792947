package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MeanRotationTest {
  private static final int DIM = 8;

  @ParameterizedTest
  @EnumSource(Rotary.Pairs.class)
  void isTheMeanOfTheRotationsAndLeavesWhatDoesNotTurn(Rotary.Pairs pairs) {
    Rotary rotary = new Rotary(pairs, DIM, 10_000, new float[0], 1, 200);
    float[] head = {0.3f, -1, 0.5f, 2, -0.25f, 1, 0.75f, -2, 5};
    double[] mean = new double[DIM];
    for (int p = 30; p < 130; p++) {
      float[] turned = head.clone();
      rotary.rotate(turned, 0, 1, head.length, p);
      for (int d = 0; d < DIM; d++) {
        mean[d] += turned[d] / 100;
      }
    }
    double[] padded = new double[head.length + 1];
    for (int d = 0; d < head.length; d++) {
      padded[d + 1] = head[d];
    }
    rotary.mean(30, 100).turn(padded, 1);
    for (int d = 0; d < DIM; d++) {
      assertThat(padded[d + 1]).isCloseTo(mean[d], within(1e-6));
    }
    assertThat(padded[DIM + 1]).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource(Rotary.Pairs.class)
  void goesBeyondTheTablesOfItsRotary(Rotary.Pairs pairs) {
    Rotary rotary = new Rotary(pairs, 2, 10_000, new float[0], 1, 64);
    double[] x = {1, 0};
    rotary.mean(1000, 1).turn(x, 0);
    assertThat(x).containsExactly(new double[] {Math.cos(1000), Math.sin(1000)}, within(1e-12));
  }
}
