package io.kvasir.eval.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Holm, power, equal bytes, and the records that put them together. */
class StatisticsTest {
  private static final double[] PLAN = {0.9, .75, 1, .5, .875, .625, .75, 1, .875, .5};
  private static final double[] F16 = {1, .875, 1, .75, .875, 1, .75, 1, 1, .75};
  private static final double[] NONE = {0.1, 0, .25, 0, .125, .125, 0, .25, .125, 0};

  @Test
  void holmMultipliesByWhatIsLeftAndNeverDecreases() {
    assertThat(Holm.adjust(new double[] {0.01, 0.04, 0.03, 0.005}))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
    assertThat(Holm.adjust(new double[] {0.9, 0.8})).containsExactly(1, 1);
    assertThat(Holm.adjust(new double[0])).isEmpty();
    assertThatThrownBy(() -> Holm.adjust(new double[] {Double.NaN}))
        .hasMessage("p=NaN is no probability");
  }

  /** SciPy 1.17: {@code (t.ppf(.975, 23) + t.ppf(.8, 23)) * 0.2 / sqrt(24)}. */
  @Test
  void theSmallestDetectableDifferenceIsThatOfTheTTest() {
    double[] differences = new double[24];
    for (int i = 0; i < 24; i++) {
      differences[i] = (i % 2 == 0 ? 0.2 : -0.2) * Math.sqrt(23.0 / 24); // s = 0.2
    }
    assertThat(Power.smallestDetectable(differences)).isCloseTo(0.1194610907, within(1e-9));
    assertThat(Power.contextsNeeded(differences, 0.1194611)).isEqualTo(OptionalInt.of(24));
    assertThat(Power.contextsNeeded(differences, 0.1194610)).isEqualTo(OptionalInt.of(25));
    assertThat(Power.contextsNeeded(differences, 1e-9)).isEmpty();
    assertThat(Power.contextsNeeded(new double[5], 1e-9)).isEqualTo(OptionalInt.of(2));
    assertThatThrownBy(() -> Power.smallestDetectable(new double[1]))
        .hasMessage("1 contexts have no spread; expected at least 2");
  }

  @Test
  void sizesAreComparedBetweenNeighboursAndNeverBeyond() {
    double[] bytes = {4096, 1024, 16384};
    EqualBytes between = EqualBytes.at(bytes, 2048).orElseThrow();
    assertThat(between).isEqualTo(new EqualBytes(1, 0, 0.5));
    assertThat(between.between(0.6, 0.8)).isCloseTo(0.7, within(1e-12));
    assertThat(EqualBytes.at(bytes, 4096)).hasValue(new EqualBytes(0, 0, 0));
    assertThat(EqualBytes.at(bytes, 1023)).isEmpty();
    assertThat(EqualBytes.at(bytes, 16385)).isEmpty();
    assertThat(EqualBytes.at(new double[0], 1)).isEmpty();
    assertThatThrownBy(() -> EqualBytes.at(new double[] {8, 4, 8}, 6))
        .hasMessage("two plans of a family have 8.0 bytes; expected one at each size");
    assertThatThrownBy(() -> EqualBytes.at(new double[] {0}, 6))
        .hasMessage("0.0 bytes; expected more than 0");
  }

  /** SciPy 1.17, a million paired resamples: [0.73846, 0.92744]. */
  @Test
  void retainedQualityIsARatioOfMeans() {
    Retained retained = Retained.of(PLAN, F16, NONE, 1).orElseThrow();
    assertThat(retained.value()).isCloseTo(0.8473520249, within(1e-9));
    assertThat(retained.interval().orElseThrow().lo()).isCloseTo(0.73846, within(0.006));
    assertThat(retained.interval().orElseThrow().hi()).isCloseTo(0.92744, within(0.006));
    assertThat(Retained.of(F16, F16, NONE, 1)).hasValue(exactly(1));
    assertThat(Retained.of(NONE, F16, NONE, 1)).hasValue(exactly(0));
    assertThat(Retained.of(PLAN, NONE, NONE, 1)).isEmpty();
  }

  private static Retained exactly(double value) {
    return new Retained(value, Optional.of(new Interval(value, value)));
  }

  @Test
  void aCellIsTestableWhereF16GainsByReading() {
    assertThat(Testability.of(F16, NONE, 1).testable()).isTrue();
    assertThat(Testability.of(NONE, NONE, 1).reason())
        .hasValue("f16 scores 0.00 above the question alone; expected at least 0.3");
    assertThat(Testability.of(new double[] {1, 1}, new double[] {0, 0}, 1).reason())
        .hasValue("too few contexts for an interval; expected at least 8");
    double[] lucky = {4, 0, 0, 0, 0, 0, 0, 0}; // one context decides
    assertThat(Testability.of(lucky, new double[8], 1).reason())
        .hasValueSatisfying(
            reason -> assertThat(reason).endsWith("of f16 above the question alone contains 0"));
    assertThat(Testability.of(new double[0], new double[0], 1).testable()).isFalse();
  }

  @Test
  void aComparisonHoldsWhatATableRowNeeds() {
    Comparison comparison = Comparison.of(PLAN, F16, 1);
    assertThat(comparison.contexts()).isEqualTo(10);
    assertThat(comparison.value()).isCloseTo(0.7775, within(1e-12));
    assertThat(comparison.f16()).isCloseTo(0.9, within(1e-12));
    assertThat(comparison.difference()).isCloseTo(-0.1225, within(1e-12));
    assertThat(comparison.interval().orElseThrow().hi()).isLessThan(0);
    assertThat(comparison.p()).isEqualTo(2 / 64.0); // six contexts differ, all to one side
    assertThat(comparison.detectable().orElseThrow())
        .isCloseTo(Power.smallestDetectable(Means.difference(PLAN, F16)), within(1e-15));
    assertThat(Comparison.of(new double[1], new double[1], 1).detectable()).isEmpty();
    assertThat(Comparison.of(F16, F16, 1).interval()).hasValue(new Interval(0, 0));
    assertThatThrownBy(() -> Comparison.of(PLAN, new double[9], 1))
        .hasMessage("10 contexts against 9; expected the same contexts on both sides");
    assertThatThrownBy(() -> Comparison.of(new double[0], new double[0], 1))
        .hasMessage("no contexts to compare");
  }
}
