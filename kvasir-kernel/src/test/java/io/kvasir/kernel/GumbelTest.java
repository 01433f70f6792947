package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GumbelTest {
  @Test
  void vectorsEqualTheScalarTwinBitForBit() {
    for (int n : new int[] {0, 1, 15, 16, 17, 33, 64, 4098}) {
      float[] x = Blocks.floats(n + 3, n);
      float[] expected = x.clone();
      GumbelRef.add(expected, 2, n, 0x9ABCDEF1, 77, 0.6f);
      Gumbel.add(x, 2, n, 0x9ABCDEF1, 77, 0.6f, new float[n]);
      assertThat(x).isEqualTo(expected);
    }
  }

  @Test
  void logarithmIsRightToTwoUlps() {
    for (float x = 0x1p-24f; x < 20; x *= 1.00137f) {
      double exact = Math.log(x);
      double bound = 2 * Math.max(Math.ulp((float) exact), Math.ulp(0.01f));
      assertThat(Math.abs(GumbelRef.log(x) - exact)).as("log(%s)", x).isLessThan(bound);
    }
  }

  /** Kolmogorov-Smirnov at 0.1 %; and neither neighbours nor keys are like each other. */
  @Test
  void drawsFollowTheDistributionIndependently() {
    int n = 100_000;
    float[] drawn = new float[n];
    double ofNeighbours = 0;
    double ofKeys = 0;
    double variance = Math.PI * Math.PI / 6;
    double mean = 0.5772156649;
    for (int i = 0; i < n; i++) {
      drawn[i] = GumbelRef.draw(12345, i);
      ofNeighbours += (drawn[i] - mean) * (GumbelRef.draw(12345, i + 1) - mean) / variance / n;
      ofKeys += (drawn[i] - mean) * (GumbelRef.draw(12346, i) - mean) / variance / n;
    }
    assertThat(ofNeighbours).isCloseTo(0, within(0.0125)); // 4 sigma
    assertThat(ofKeys).isCloseTo(0, within(0.0125));
    Arrays.sort(drawn);
    double most = 0;
    for (int i = 0; i < n; i++) {
      most = Math.max(most, Math.abs(Math.exp(-Math.exp(-drawn[i])) - (i + 0.5) / n));
    }
    assertThat(most).isLessThan(1.95 / Math.sqrt(n));
  }
}
