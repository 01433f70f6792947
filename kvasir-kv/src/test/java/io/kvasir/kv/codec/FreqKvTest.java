package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import java.util.Arrays;
import java.util.Random;
import org.jtransforms.dct.DoubleDCT_1D;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Low frequencies over time. That heads are shortened by them is shown by ShortenerTest. */
class FreqKvTest {
  @ParameterizedTest
  @CsvSource({"2, 1", "7, 3", "60, 30", "124, 31", "341, 340"})
  void rowsAreThoseOfTheMatrix(int n, int m) {
    int dim = 3;
    float[] rows = new float[n * dim];
    Random random = new Random(n);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    double[][] matrix = matrix(n, m);
    float[] shorter = LowPass.shorten(rows, n, dim, m);
    assertThat(shorter).hasSize(m * dim);
    for (int t = 0; t < m; t++) {
      for (int d = 0; d < dim; d++) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
          sum += matrix[t][i] * rows[i * dim + d];
        }
        assertThat((double) shorter[t * dim + d]).isCloseTo(sum, within(1e-6));
      }
    }
  }

  /**
   * {@code T = sqrt(M / N) C_M^T (C_N)[0 .. M-1]}, C orthonormal, of the catalogue's definition.
   */
  private static double[][] matrix(int n, int m) {
    double[][] few = cosines(m);
    double[][] many = cosines(n);
    double[][] matrix = new double[m][n];
    for (int t = 0; t < m; t++) {
      for (int k = 0; k < m; k++) {
        for (int i = 0; i < n; i++) {
          matrix[t][i] += Math.sqrt((double) m / n) * few[k][t] * many[k][i];
        }
      }
    }
    return matrix;
  }

  private static double[][] cosines(int n) {
    double[][] cosines = new double[n][n];
    for (int k = 0; k < n; k++) {
      double norm = Math.sqrt((k == 0 ? 1.0 : 2.0) / n);
      for (int t = 0; t < n; t++) {
        cosines[k][t] = norm * Math.cos(Math.PI * (2 * t + 1) * k / (2.0 * n));
      }
    }
    return cosines;
  }

  /** The span of the default parameters, and one that is prime. */
  @ParameterizedTest
  @CsvSource({"4092, 2046", "1021, 510"})
  void longSpansAreThoseOfALibrary(int n, int m) {
    int dim = 20; // more channels than pass together, and not a multiple of those
    float[] rows = new float[n * dim];
    Random random = new Random(n);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    float[] shorter = LowPass.shorten(rows, n, dim, m);
    for (int d = 0; d < dim; d++) {
      double[] channel = new double[n];
      for (int t = 0; t < n; t++) {
        channel[t] = rows[t * dim + d];
      }
      new DoubleDCT_1D(n).forward(channel, true);
      double[] low = Arrays.copyOf(channel, m);
      new DoubleDCT_1D(m).inverse(low, true);
      for (int t = 0; t < m; t++) {
        double expected = Math.sqrt((double) m / n) * low[t];
        assertThat((double) shorter[t * dim + d]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void constantsStayAndRampsStayRampsButForTheirEnds() {
    int n = 200;
    float[] rows = new float[2 * n];
    for (int t = 0; t < n; t++) {
      rows[2 * t] = -1.5f;
      rows[2 * t + 1] = t;
    }
    float[] half = LowPass.shorten(rows, n, 2, n / 2);
    for (int t = 0; t < n / 2; t++) {
      assertThat(half[2 * t]).isCloseTo(-1.5f, within(1e-6f));
      if (t >= 5 && t < n / 2 - 5) { // each row stands in the middle of two
        assertThat(half[2 * t + 1]).isCloseTo(2 * t + 0.5f, within(0.1f));
      }
    }
  }

  @Test
  void isWrittenAsItsPaperHasIt() {
    assertThat(KvPlan.parse("freqkv(retain=50%,sinks=4)"))
        .hasToString("freqkv(retain=50%,sinks=4,recent=0,capacity=4096)");
    Shortening shortening = new FreqKv(0.5, 4, 0, 4096).shortening().orElseThrow();
    assertThat(shortening.span()).isEqualTo(4092);
    assertThat(shortening.left()).isEqualTo(2046);
    assertThat(new FreqKv(0.3, 4, 6, 110).shortening().orElseThrow().left()).isEqualTo(30);
    assertThat(new FreqKv(1, 4, 0, 4096).shortening()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "109, 109", "110, 40", "111, 41", "179, 109", "180, 40", "1000, 90"})
  void storesWhatIsLeftAndWhatHasComeSince(int seen, int stored) {
    Shortening shortening = new FreqKv(0.3, 4, 6, 110).shortening().orElseThrow(); // frees 70
    assertThat(shortening.stored(seen)).isEqualTo(stored);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        "freqkv(sinks=60,capacity=60) -> freqkv: capacity=60, sinks=60 and recent=0 leave a span of 0 pairs, and retain=0.5 no row of it; expected at least one",
        "freqkv(sinks=9,recent=90,capacity=60) -> freqkv: capacity=60, sinks=9 and recent=90 leave a span of 0 pairs, and retain=0.5 no row of it; expected at least one",
        "freqkv(retain=1%,capacity=60) -> freqkv: capacity=60, sinks=4 and recent=0 leave a span of 56 pairs, and retain=0.01 no row of it; expected at least one",
        "freqkv(retain=0%) -> freqkv: retain=0% is out of range; expected 1% to 100%",
        "freqkv(retain=110%) -> freqkv: retain=110% is out of range; expected 1% to 100%",
        "freqkv(capacity=2) -> freqkv: capacity=2 is out of range; expected 16 to 1048576",
        "freqkv(keep=25%) -> freqkv: unknown parameter \"keep\"; known: retain, sinks, recent, capacity",
        "snapkv(keep=25%) | freqkv -> freqkv(retain=50%,sinks=4,recent=0,capacity=4096) makes rows that stand for many tokens, and no scorer can tell what one of them is worth; expected a plan that drops nothing",
        "layers=3-9:freqkv | h2o(keep=9) -> freqkv(retain=50%,sinks=4,recent=0,capacity=4096) makes rows that stand for many tokens, and no scorer can tell what one of them is worth; expected a plan that drops nothing",
        "k:freqkv | v:q8 -> freqkv(retain=50%,sinks=4,recent=0,capacity=4096) shortens keys and values together; expected it without k: or v:",
        "v:freqkv -> freqkv(retain=50%,sinks=4,recent=0,capacity=4096) shortens keys and values together; expected it without k: or v:",
        "k:freqkv(sinks=4) | v:freqkv(sinks=8) -> freqkv(retain=50%,sinks=4,recent=0,capacity=4096) shortens keys and values together; expected it without k: or v:"
      })
  void whatCannotBeIsRefused(String plan, String message) {
    assertThatThrownBy(() -> KvPlan.parse(plan))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(message);
  }

  @Test
  void whatShortensNothingComposesWithEverything() {
    assertThat(KvPlan.parse("snapkv(keep=25%) | freqkv(retain=100%)").actsInPrompt()).isFalse();
    assertThat(KvPlan.parse("snapkv(keep=100%) | layers=0-1:freqkv").actsInPrompt()).isTrue();
  }
}
