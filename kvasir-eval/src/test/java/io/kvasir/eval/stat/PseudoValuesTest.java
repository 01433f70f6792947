package io.kvasir.eval.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PseudoValuesTest {
  private static final double[] X = {1, 2, 4, 8};
  private static final double[] Y = {2, 3, 5, 6};

  @Test
  void ofAMeanAreTheValues() {
    assertThat(PseudoValues.of(Estimator.mean(X), 4)).containsExactly(X, within(1e-12));
  }

  /** By hand: the ratio is 15/16, without the first context 14/14. */
  @Test
  void ofARatioSayWhatEachContextDoesToIt() {
    Estimator ratio = contexts -> Estimator.mean(X).of(contexts) / Estimator.mean(Y).of(contexts);
    double[] values = PseudoValues.of(ratio, 4);
    assertThat(values[0]).isEqualTo(4 * 15 / 16.0 - 3, within(1e-12));
    assertThat(values[3]).isEqualTo(4 * 15 / 16.0 - 3 * 7 / 10.0, within(1e-12));
  }
}
