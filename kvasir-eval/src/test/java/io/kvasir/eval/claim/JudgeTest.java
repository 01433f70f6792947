package io.kvasir.eval.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.eval.claim.Verdict.Ruling;
import io.kvasir.eval.stat.Estimator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final double[] HIGH = values(24, 0.8, 0.1);
  private static final double[] LOW = values(24, 0.5, 0.1);

  @Test
  void aClaimHoldsWhenTheWholeIntervalDoes() {
    Verdict verdict = one(trial("score(A) > score(B)", HIGH, LOW));
    assertThat(verdict.ruling()).isEqualTo(Ruling.HELD);
    assertThat(verdict.left()).hasValueCloseTo(0.8, within());
    assertThat(verdict.difference().orElseThrow().lo()).isPositive();
    assertThat(verdict.n()).isEqualTo(24);
    assertThat(verdict.reason()).isEqualTo("as measured");
  }

  @Test
  void itDoesNotHoldWhenTheWholeIntervalDenies() {
    assertThat(one(trial("score(A) < score(B)", HIGH, LOW)).ruling()).isEqualTo(Ruling.NOT_HELD);
    assertThat(one(trial("score(A) <= 0.9 * score(B)", HIGH, LOW)).ruling())
        .isEqualTo(Ruling.NOT_HELD);
  }

  @Test
  void anIntervalThatSpansSaysAboutHowManyContextsWould() {
    Verdict verdict = one(trial("score(A) > score(B)", values(24, 0.51, 0.1), reversed(LOW)));
    assertThat(verdict.ruling()).isEqualTo(Ruling.NOT_TESTABLE_HERE);
    assertThat(verdict.reason())
        .matches("the interval spans 0; about [0-9,]+ contexts needed; as measured");
  }

  @Test
  void equalSidesAreDecidedByTheSign() {
    assertThat(one(trial("score(A) <= score(B)", LOW, LOW)).ruling()).isEqualTo(Ruling.HELD);
    assertThat(one(trial("score(A) >= score(B)", LOW, LOW)).ruling()).isEqualTo(Ruling.HELD);
    assertThat(one(trial("score(A) > score(B)", LOW, LOW)).ruling()).isEqualTo(Ruling.NOT_HELD);
    assertThat(one(trial("score(A) < score(B)", LOW, LOW)).ruling()).isEqualTo(Ruling.NOT_HELD);
  }

  @Test
  void plansThatAllFailDoNotCompare() {
    double[] none = new double[24];
    for (String sign : List.of(">", ">=", "<=")) {
      Verdict verdict = one(trial("score(A) " + sign + " score(B)", none, none));
      assertThat(verdict.ruling()).isEqualTo(Ruling.NOT_TESTABLE_HERE);
      assertThat(verdict.reason()).isEqualTo("no plan of it scores anything; as measured");
    }
    assertThat(one(trial("kl(A) <= kl(B)", none, none)).ruling()).isEqualTo(Ruling.HELD);
    assertThat(one(trial("score(A) > score(B)", none, HIGH)).ruling()).isEqualTo(Ruling.NOT_HELD);
  }

  @Test
  void fewContextsHaveNoInterval() {
    Verdict verdict = one(trial("score(A) > score(B)", values(7, 0.8, 0), values(7, 0.1, 0)));
    assertThat(verdict.ruling()).isEqualTo(Ruling.NOT_TESTABLE_HERE);
    assertThat(verdict.reason()).isEqualTo("7 contexts; an interval needs 8; as measured");
    assertThat(verdict.difference()).isEmpty();
  }

  @Test
  void aDivisorThatVanishesLeavesNoInterval() {
    Verdict verdict = one(trial("score(A) / score(B) > 1", HIGH, new double[24]));
    assertThat(verdict.ruling()).isEqualTo(Ruling.NOT_TESTABLE_HERE);
    assertThat(verdict.reason())
        .isEqualTo("no interval: in some resamples a divisor vanishes; as measured");
    assertThat(verdict.left()).isEmpty();
  }

  @Test
  void moreClaimsWidenTheIntervalOfEach() {
    Trial weak = trial("score(A) > score(B)", values(24, 0.53, 0.1), reversed(LOW));
    double alone = width(one(weak));
    List<Trial> family = new ArrayList<>(List.of(weak));
    for (int i = 0; i < 9; i++) {
      family.add(trial("score(A) > score(B)", values(24, 0.51, 0.1), reversed(LOW)));
    }
    assertThat(width(Judge.of(family, 1).getFirst())).isGreaterThan(1.3 * alone);
  }

  /** Those that are decided leave, and no longer widen the others. */
  @Test
  void decidedClaimsLeaveTheFamily() {
    Trial weak = trial("score(A) > score(B)", values(24, 0.51, 0.1), reversed(LOW));
    List<Trial> family = new ArrayList<>(List.of(weak));
    for (int i = 0; i < 9; i++) {
      family.add(trial("score(A) > score(B)", HIGH, LOW));
    }
    assertThat(width(Judge.of(family, 1).getFirst())).isEqualTo(width(one(weak)));
  }

  @Test
  void costsAreDecidedWhenEveryRoundAgrees() {
    double[] small = {10, 11, 12};
    double[] large = {20, 11.5, 30};
    Verdict held = one(trial("bytes(A) < bytes(B)", small, large));
    assertThat(held.ruling()).isEqualTo(Ruling.HELD);
    assertThat(held.difference().orElseThrow().hi()).isEqualTo(-0.5);
    assertThat(one(trial("bytes(A) > bytes(B)", small, large)).ruling()).isEqualTo(Ruling.NOT_HELD);
    Verdict mixed = one(trial("bytes(A) < 11.5", small, large));
    assertThat(mixed.ruling()).isEqualTo(Ruling.NOT_TESTABLE_HERE);
    assertThat(mixed.reason()).isEqualTo("the rounds disagree; as measured");
    assertThat(one(trial("bytes(A) < 100", new double[] {1, 2}, large)).reason())
        .isEqualTo("2 rounds; expected at least 3; as measured");
  }

  @Test
  void whatHasNoEvidenceSaysWhy() {
    Claim claim = trial("score(A) > score(B)", HIGH, LOW).claim();
    Verdict verdict = one(Trial.impossible(claim, "f16 fails on kv"));
    assertThat(verdict.ruling()).hasToString("not testable here");
    assertThat(verdict.reason()).isEqualTo("f16 fails on kv");
    assertThat(verdict.row("run", "model", 2048, true).reason())
        .isEqualTo("edited after a result; f16 fails on kv");
  }

  private static Verdict one(Trial trial) {
    return Judge.of(List.of(trial), 1).getFirst();
  }

  private static double width(Verdict verdict) {
    return verdict.difference().map(interval -> interval.hi() - interval.lo()).orElseThrow();
  }

  private static Trial trial(String expect, double[] a, double[] b) {
    String plans = expect.contains("(B)") ? "{A: q8, B: q4}" : "{A: q8}";
    Claim claim =
        ClaimFile.parse(
                "f.yaml", "- {id: a, source: s, let: %s, expect: '%s'}".formatted(plans, expect))
            .getFirst();
    Metric metric = Metric.find(expect.substring(0, expect.indexOf('('))).orElseThrow();
    Map<Column, Estimator> columns =
        Map.of(
            new Column(metric, "A"), Estimator.mean(a), new Column(metric, "B"), Estimator.mean(b));
    return new Trial(claim, Optional.of(new Evidence(columns, a.length)), "as measured");
  }

  /** Values around a mean. */
  private static double[] values(int n, double mean, double spread) {
    return IntStream.range(0, n)
        .mapToDouble(i -> mean + spread * ((i * 7 % n) / (n - 1.0) - 0.5))
        .toArray();
  }

  private static double[] reversed(double[] values) {
    return IntStream.range(0, values.length)
        .mapToDouble(i -> values[values.length - 1 - i])
        .toArray();
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-9);
  }
}
