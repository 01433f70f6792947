package io.kvasir.eval.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.eval.Seeded;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  /** Mean accuracies of twelve contexts, less those of f16. */
  private static final double[] TWELVE = {
    0.5, -0.25, 0.125, 0, 0.375, 0.25, -0.125, 0.625, 0, 0.125, 0.25, 0.875
  };

  /**
   * All 4^4 resamples of four values, so that no chance is left: SciPy 1.17 {@code _bca_interval}
   * gives the quantiles 0.0582249450 and 0.9937842452 of them.
   */
  @Test
  void theFormulaIsSciPys() {
    double[] x = {0, 0.25, 0.125, 1};
    double[] resamples =
        IntStream.range(0, 256)
            .mapToDouble(i -> (x[i & 3] + x[i >> 2 & 3] + x[i >> 4 & 3] + x[i >> 6]) / 4)
            .toArray();
    double[] jackknife = IntStream.range(0, 4).mapToDouble(i -> (1.375 - x[i]) / 3).toArray();
    Interval interval = Bootstrap.accelerated(1.375 / 4, resamples, jackknife, 0.95).orElseThrow();
    assertThat(interval.lo()).isCloseTo(0.08898002231538843, within(1e-9));
    assertThat(interval.hi()).isEqualTo(0.8125);
  }

  /** SciPy 1.17, {@code bootstrap(method='BCa')}, a million resamples: [0.07292, 0.42708]. */
  @Test
  void theIntervalOfAMeanIsSciPys() {
    Interval interval = Bootstrap.interval(Estimator.mean(TWELVE), 12, 1).orElseThrow();
    assertThat(interval.lo()).isCloseTo(0.07292, within(0.011)); // one step of the means is 1/96
    assertThat(interval.hi()).isCloseTo(0.42708, within(0.011));
  }

  @Test
  void theSeedDecidesAndNothingElse() {
    Estimator mean = Estimator.mean(TWELVE);
    assertThat(Bootstrap.interval(mean, 12, 7)).isEqualTo(Bootstrap.interval(mean, 12, 7));
  }

  @Test
  void fewerThanEightContextsHaveNoInterval() {
    Estimator mean = Estimator.mean(TWELVE);
    assertThat(Bootstrap.interval(mean, 7, 1)).isEmpty();
    assertThat(Bootstrap.interval(mean, 8, 1)).isPresent();
  }

  @Test
  void equalContextsHaveAnIntervalOfOnePoint() {
    assertThat(Bootstrap.interval(Estimator.mean(new double[8]), 8, 1))
        .isEqualTo(Optional.of(new Interval(0, 0)));
  }

  @Test
  void anEstimateThatMayBeInfiniteHasNoInterval() {
    Estimator inverse = contexts -> 1 / Means.of(new double[] {0, 1, 1, 1, 1, 1, 1, 1}, contexts);
    assertThat(Bootstrap.interval(inverse, 8, 1)).isPresent(); // eight draws of the 0: 6e-8
    Estimator often = contexts -> contexts[0] == 0 ? Double.NaN : 1;
    assertThat(Bootstrap.interval(often, 8, 1)).isEmpty();
  }

  @Test
  void aHigherLevelIsWider() {
    Interval usual = Bootstrap.interval(Estimator.mean(TWELVE), 12, 1).orElseThrow();
    Interval wide = Bootstrap.interval(Estimator.mean(TWELVE), 12, 1, 0.99).orElseThrow();
    assertThat(wide.lo()).isLessThan(usual.lo());
    assertThat(wide.hi()).isGreaterThan(usual.hi());
    assertThatThrownBy(() -> Bootstrap.interval(Estimator.mean(TWELVE), 12, 1, 95))
        .hasMessage("level 95.0 is not between 0 and 1");
  }

  /**
   * Of the intervals of 400 samples of 24 contexts, eight questions each, whose true mean is known,
   * about 95 % contain it. Three standard errors of that share are 3.3 points; BCa itself falls
   * short by one or two at this size (Efron and Tibshirani 1993, section 14.3).
   */
  @Test
  void itsIntervalsCoverTheTruth() {
    UniformRandomProvider random = Seeded.of(5, "coverage");
    int covered = 0;
    for (int sample = 0; sample < 400; sample++) {
      double[] contexts = new double[24];
      for (int i = 0; i < contexts.length; i++) {
        double easy = random.nextDouble(); // the luck that the questions of a context share
        contexts[i] = random.doubles(8).filter(u -> u < easy).count() / 8.0;
      }
      Interval interval =
          Bootstrap.interval(Estimator.mean(contexts), contexts.length, sample).orElseThrow();
      covered += interval.contains(0.5) ? 1 : 0;
    }
    assertThat(covered / 400.0).isBetween(0.90, 0.983);
  }
}
