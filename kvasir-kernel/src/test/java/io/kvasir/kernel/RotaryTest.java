package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.Rotary.Pairs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotaryTest {
  @ParameterizedTest
  @CsvSource({
    "INTERLEAVED,64,64,10000,1",
    "HALVES,64,64,1000000,1",
    "HALVES,80,50,10000,4",
    "INTERLEAVED,80,32,10000,2",
    "HALVES,256,256,500000,8"
  })
  void pairsTurnByPositionTimesFrequency(
      Pairs pairs, int head, int dim, double base, double scaling) {
    float[] factors = new float[dim / 2];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = 1 + i % 3;
    }
    Rotary rotary = new Rotary(pairs, dim, base, factors, scaling, 8192);
    for (int position : new int[] {0, 1, 63, 64, 8191, -5}) {
      float[] x = Blocks.floats(3 + 2 * head, 1);
      float[] y = x.clone();
      rotary.rotate(y, 3, 2, head, position);
      for (int h = 0; h < 2; h++) {
        for (int i = 0; i < dim / 2; i++) {
          int a = 3 + h * head + (pairs == Pairs.HALVES ? i : 2 * i);
          int b = a + (pairs == Pairs.HALVES ? dim / 2 : 1);
          double angle = position * Math.pow(base, -2.0 * i / dim) / factors[i] / scaling;
          double c = Math.cos(angle);
          double s = Math.sin(angle);
          assertThat((double) y[a]).isCloseTo(x[a] * c - x[b] * s, within(1e-6));
          assertThat((double) y[b]).isCloseTo(x[b] * c + x[a] * s, within(1e-6));
        }
        for (int i = dim; i < head; i++) {
          assertThat(y[3 + h * head + i]).isEqualTo(x[3 + h * head + i]);
        }
      }
    }
  }

  @Test
  void movingBackUndoesAndMovesAdd() {
    Rotary rotary = new Rotary(Pairs.HALVES, 64, 10000, new float[0], 1, 4096);
    float[] x = Blocks.floats(64, 1);
    float[] there = x.clone();
    rotary.rotate(there, 0, 1, 64, 1000);
    float[] further = there.clone();
    rotary.rotate(further, 0, 1, 64, 234);
    float[] direct = x.clone();
    rotary.rotate(direct, 0, 1, 64, 1234);
    rotary.rotate(there, 0, 1, 64, -1000);
    for (int i = 0; i < 64; i++) {
      assertThat(there[i]).isCloseTo(x[i], within(1e-6f));
      assertThat(further[i]).isCloseTo(direct[i], within(1e-6f));
    }
  }

  @Test
  void positionsBeyondTheTableAndWrongShapesAreRefused() {
    Rotary rotary = new Rotary(Pairs.HALVES, 64, 10000, new float[0], 1, 100);
    assertThatThrownBy(() -> rotary.rotate(new float[64], 0, 1, 64, 128))
        .hasMessage("rotary: distance 128 is beyond 128 positions");
    assertThatThrownBy(() -> new Rotary(Pairs.HALVES, 63, 10000, new float[0], 1, 100))
        .hasMessage("rotary: dim=63 must be positive and even");
    assertThatThrownBy(() -> new Rotary(Pairs.HALVES, 64, 10000, new float[3], 1, 100))
        .hasMessage("rotary: 3 factors for dim=64; expected none or 32");
  }
}
