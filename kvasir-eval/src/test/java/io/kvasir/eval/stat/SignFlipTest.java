package io.kvasir.eval.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.eval.Seeded;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SignFlipTest {
  @Test
  void allOfOneSignIsTheRarestChoice() {
    assertThat(SignFlip.p(new double[] {1, 2, 3, 4, 5}, 1)).isEqualTo(2 / 32.0);
  }

  /** SciPy 1.17: {@code permutation_test(permutation_type='samples', n_resamples=inf)}. */
  @Test
  void theExactValueIsSciPys() {
    double[] differences = {
      0.5, -0.25, 0.125, 0, 0.375, 0.25, -0.125, 0.625, 0, 0.125, 0.25, 0.875
    };
    assertThat(SignFlip.p(differences, 1)).isEqualTo(0.041015625);
  }

  @Test
  void countingByHalvesEqualsCountingOneByOne() {
    for (int n = 1; n <= 13; n++) {
      // Tenths are not exact in binary: equal sums must count as equal whatever their rounding.
      double[] tenths = Seeded.of(n, "tenths").ints(n, -5, 6).mapToDouble(i -> i / 10.0).toArray();
      assertThat(SignFlip.p(tenths, 1)).as("n=%d", n).isEqualTo(oneByOne(tenths));
    }
  }

  private static double oneByOne(double[] differences) {
    double observed = Math.abs(Arrays.stream(differences).sum());
    int choices = 1 << differences.length;
    long beyond =
        IntStream.range(0, choices)
            .mapToDouble(
                signs ->
                    IntStream.range(0, differences.length)
                        .mapToDouble(i -> (signs >> i & 1) == 0 ? differences[i] : -differences[i])
                        .sum())
            .filter(sum -> Math.abs(sum) > observed - 1e-9)
            .count();
    return (double) beyond / choices;
  }

  @Test
  void manyContextsAreDrawnAndAgreeWithTheExactCount() {
    double[] exact = Seeded.of(3, "many").doubles(36, -0.8, 1).toArray();
    double[] drawn = Arrays.copyOf(exact, 37); // one difference of 0 more changes no sum
    double p = SignFlip.p(exact, 1);
    assertThat(p).isBetween(0.001, 0.999);
    assertThat(SignFlip.p(drawn, 1)).isCloseTo(p, within(4 * Math.sqrt(p / SignFlip.DRAWS)));
    assertThat(SignFlip.p(drawn, 1)).isEqualTo(SignFlip.p(drawn, 1));
  }

  @Test
  void noDifferenceIsNoEvidence() {
    assertThat(SignFlip.p(new double[0], 1)).isEqualTo(1);
    assertThat(SignFlip.p(new double[24], 1)).isEqualTo(1);
    assertThat(SignFlip.p(new double[] {0.3, -0.1, -0.2}, 1)).isEqualTo(1);
  }

  @Test
  void whatIsNotANumberIsRefused() {
    assertThatThrownBy(() -> SignFlip.p(new double[] {1, Double.NaN}, 1))
        .hasMessage("a difference is not finite");
  }

  /** Without any difference, p below 5 % comes up in at most 5 % of runs. */
  @Test
  void itSeldomSeesADifferenceThatIsNone() {
    int flagged = 0;
    for (int run = 0; run < 1000; run++) {
      double[] none = Seeded.of(run, "none").doubles(12, -1, 1).toArray();
      flagged += SignFlip.p(none, run) <= 0.05 ? 1 : 0;
    }
    assertThat(flagged).isBetween(30, 71); // 50 and three standard errors
  }
}
