package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bf16SoftmaxTest {
  @ParameterizedTest
  @ValueSource(ints = {16, 48, 256})
  void theLargestScoreIsFound(int n) {
    float[] x = Blocks.floats(n, 1);
    float[] negative = new float[n];
    for (int i = 0; i < n; i++) {
      negative[i] = i == 5 ? Float.NEGATIVE_INFINITY : -Math.abs(x[i]);
    }
    try (Arena arena = Arena.ofConfined()) {
      assertThat(Bf16Softmax.max(memory(x, arena), 0, n)).isEqualTo(Floats.max(x, 0, n));
      assertThat(Bf16Softmax.max(memory(negative, arena), 0, n))
          .isEqualTo(Floats.max(negative, 0, n));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 48, 256})
  void weightsAndSumsAreThoseOfTheScalarTwin(int n) {
    float[] x = Blocks.floats(n, 1);
    for (int i = 0; i < n; i++) {
      x[i] *= i % 3 == 0 ? 40 : 4;
    }
    x[7] = Float.NEGATIVE_INFINITY;
    float max = Floats.max(x, 0, n);
    float[] partials = new float[Bf16Softmax.PARTIALS];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(2L * n + 8, 64);
      Bf16Softmax.weights(memory(x, arena), 0, n, max, out, 8, partials);
      for (int i = 0; i < n; i++) {
        assertThat(out.get(ValueLayout.JAVA_SHORT, 8 + 2L * i))
            .isEqualTo(Bf16Ref.round(Bf16SoftmaxRef.weight(x[i], max)));
      }
    }
    assertThat(partials).isEqualTo(Bf16SoftmaxRef.partials(x, n, max));
  }

  @Test
  void aWeightIsThePowerOfE() {
    for (float x = -86.9f; x <= 0; x += 0.0137f) {
      double expected = Math.exp(x);
      assertThat((double) Bf16SoftmaxRef.weight(x, 0)).isCloseTo(expected, within(6e-6 * expected));
    }
    assertThat(Bf16SoftmaxRef.weight(-87.1f, 0)).isZero();
    assertThat(Bf16SoftmaxRef.weight(3, 3)).isEqualTo(1);
  }

  @Test
  void sumsAreScaledInPlace() {
    float[] x = Blocks.floats(80, 1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = memory(x, arena);
      Bf16Softmax.scale(all, 64, 32, 0.3f);
      for (int i = 0; i < x.length; i++) {
        float expected = i >= 16 && i < 48 ? x[i] * 0.3f : x[i];
        assertThat(all.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(expected);
      }
    }
  }

  private static MemorySegment memory(float[] x, Arena arena) {
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
  }
}
