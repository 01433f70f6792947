package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExpTest {
  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    88.72283f,
    88.72284f,
    89f,
    89.1f,
    -87.4f,
    -103.9f,
    -104f,
    -104.1f,
    1e30f,
    -1e30f,
    Float.MIN_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  @Test
  void errorIsBelowOneUlpWhereTheResultIsNormal() {
    for (float x = -87f; x < 88.7f; x += 0.00137f) {
      double exact = Math.exp(x);
      float e = ExpRef.exp(x);
      assertThat(Math.abs(e - exact)).as("exp(%s)", x).isLessThan(Math.ulp((float) exact));
    }
  }

  @Test
  void subnormalResultsAreRightToOneStep() {
    for (float x = -104f; x < -87f; x += 0.0011f) {
      assertThat(Math.abs(ExpRef.exp(x) - Math.exp(x))).isLessThan(1.01 * Float.MIN_VALUE);
    }
  }

  @Test
  void everyInputIsDefined() {
    assertThat(ExpRef.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    assertThat(ExpRef.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(ExpRef.exp(-1e30f)).isEqualTo(0f);
    assertThat(ExpRef.exp(1e30f)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(ExpRef.exp(Float.NaN)).isNaN();
    assertThat(ExpRef.exp(0f)).isEqualTo(1f);
  }

  @Test
  void vectorsEqualTheScalarTwinBitForBit() {
    for (int n : new int[] {0, 1, 15, 16, 17, 18, 33, 4098}) {
      float[] x = Blocks.floats(n + 3, n);
      for (int i = 0; i < x.length; i++) {
        x[i] = i < SPECIAL.length ? SPECIAL[i] : x[i] * 40;
      }
      float[] out = new float[n + 3];
      Exp.exp(x, 2, out, 1, n);
      for (int i = 0; i < n; i++) {
        assertThat(out[1 + i])
            .as("exp(%s)", x[2 + i])
            .isEqualTo(Float.valueOf(ExpRef.exp(x[2 + i])));
      }
      assertThat(out[0]).isZero();
      assertThat(out[n + 1]).isZero();
    }
  }

  @Test
  void softmaxNumeratorsSumInTheFixedOrder() {
    float[] x = Blocks.floats(77, 5);
    float[] expected = new float[70];
    float max = Floats.max(x, 3, 70);
    for (int i = 0; i < 70; i++) {
      expected[i] = ExpRef.exp(x[3 + i] - max);
    }
    float sum = Exp.softmax(x, 3, 70, max);
    assertThat(java.util.Arrays.copyOfRange(x, 3, 73)).isEqualTo(expected);
    assertThat(sum).isEqualTo(FloatsRef.sum(expected, 0, 70));
  }
}
