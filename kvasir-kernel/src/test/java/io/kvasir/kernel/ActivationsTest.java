package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ActivationsTest {
  @Test
  void vectorsEqualTheScalarTwinsBitForBit() {
    for (int n : new int[] {1, 15, 16, 17, 100, 1536}) {
      float[] gate = Blocks.floats(n + 1, 1);
      float[] up = Blocks.floats(n + 2, 2);
      Floats.scale(8, gate, 0, gate.length);
      float[] silu = new float[n];
      float[] gelu = new float[n];
      Activations.silu(gate, 1, up, 2, silu, 0, n);
      Activations.geluTanh(gate, 1, up, 2, gelu, 0, n);
      for (int i = 0; i < n; i++) {
        assertThat(silu[i]).isEqualTo(ActivationsRef.silu(gate[i + 1]) * up[i + 2]);
        assertThat(gelu[i]).isEqualTo(ActivationsRef.geluTanh(gate[i + 1]) * up[i + 2]);
      }
    }
  }

  @Test
  void valuesAreThoseOfTheDefinitions() {
    for (float g = -30f; g < 30f; g += 0.01f) {
      double z = Math.sqrt(2 / Math.PI) * (g + 0.044715 * g * (double) g * g);
      double silu = g / (1 + Math.exp(-(double) g));
      double gelu = 0.5 * g * (1 + Math.tanh(z));
      assertThat((double) ActivationsRef.silu(g))
          .isCloseTo(silu, within(1e-6 * Math.abs(silu) + 1e-30));
      assertThat((double) ActivationsRef.geluTanh(g))
          .isCloseTo(gelu, within(1e-5 * Math.abs(gelu) + 1e-12));
    }
    assertThat(ActivationsRef.silu(-1000f)).isZero();
    assertThat(ActivationsRef.geluTanh(1000f)).isEqualTo(1000f);
  }
}
