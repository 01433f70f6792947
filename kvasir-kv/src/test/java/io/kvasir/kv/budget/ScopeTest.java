package io.kvasir.kv.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.kv.Calibrations;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Protection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest extends BudgetContract {
  @Override
  Budget budget() {
    return new Scope(512, 256, Scope.Mode.SLIDE, 4096);
  }

  /** recent 256, window 1024, length 4096: delta 5; W grows to 256 + 819 = 1075, but stops. */
  @ParameterizedTest
  @CsvSource({
    "SLIDE, 1, 1024",
    "SLIDE, 4096, 1024",
    "ADAPTIVE, 1, 256",
    "ADAPTIVE, 5, 257",
    "ADAPTIVE, 1000, 456",
    "ADAPTIVE, 3840, 1024",
    "ADAPTIVE, 4096, 1024",
    "DISCONTINUOUS, 1000, 456"
  })
  void decodedTokensHaveAWindowBesideThePrompt(Scope.Mode mode, int decoded, int window) {
    ArrayAllotment allotment =
        new ArrayAllotment(2, 2, 100 + decoded, 25, 0, Calibrations.NONE).decodedAfter(100);
    new Scope(1024, 256, mode, 4096).allot(allotment);
    int kept = Math.min(100 + window, 100 + decoded);
    assertThat(allotment.kept()).isDeepEqualTo(new int[][] {{kept, kept}, {kept, kept}});
  }

  @Test
  void nothingIsScoredWhileTheWindowHasRoom() {
    assertThat(budget().cuts(new CutPoint(612, 100, 25))).isFalse();
    assertThat(budget().cuts(new CutPoint(613, 100, 25))).isTrue();
    assertThat(budget().cuts(CutPoint.ofPrompt(100, 25))).isTrue();
  }

  @Test
  void promptAndNewestTokensAreProtectedOnceTheAnswerBegins() {
    KvPlan plan = KvPlan.parse("scope(keep=25%,window=512,recent=256)");
    assertThat(plan.protection(CutPoint.ofPrompt(400, 100))).isEqualTo(new Protection(0, 8));
    assertThat(plan.protection(new CutPoint(500, 400, 125))).isEqualTo(new Protection(400, 256));
  }

  @Test
  void stepsBetweenCutsAreTheModes() {
    assertThat(KvPlan.parse("scope(keep=25%)").every()).hasValue(1);
    assertThat(KvPlan.parse("scope(keep=25%,mode=discontinuous)").every()).hasValue(15);
    assertThat(KvPlan.parse("scope(keep=25%,every=7)").every()).hasValue(7);
  }

  @Test
  void windowsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> KvPlan.parse("scope(keep=25%,window=256)"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(
            "scope: recent=256, window=256, length=4096; expected recent < window <= length");
  }
}
