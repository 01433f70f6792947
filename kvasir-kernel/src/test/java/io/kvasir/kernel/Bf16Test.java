package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class Bf16Test {
  @Test
  void vectorsEqualTheScalarTwinBitForBit() {
    for (int n : new int[] {1, 15, 16, 17, 100}) {
      float[] x = Blocks.floats(n + 1, n);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment out = arena.allocate(2L * n + 2);
        Bf16.round(x, 1, out, 2, n);
        for (int i = 0; i < n; i++) {
          assertThat(out.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 + 2L * i))
              .isEqualTo(Bf16Ref.round(x[i + 1]));
        }
      }
    }
  }

  @Test
  void errorIsAtMostTheEighthPowerOfAHalf() {
    for (float x : Blocks.floats(1000, 1)) {
      assertThat(Bf16Ref.widen(Bf16Ref.round(x))).isCloseTo(x, within(Math.abs(x) / 256));
    }
    assertThat(Bf16Ref.widen(Bf16Ref.round(-1.5f))).isEqualTo(-1.5f);
    assertThat(Bf16Ref.widen(Bf16Ref.round(1.00390625f))).as("a tie").isEqualTo(1.0078125f);
    assertThat(Bf16Ref.widen(Bf16Ref.round(Float.NaN))).isNaN();
    assertThat(Bf16Ref.widen(Bf16Ref.round(Float.NEGATIVE_INFINITY)))
        .isEqualTo(Float.NEGATIVE_INFINITY);
  }
}
