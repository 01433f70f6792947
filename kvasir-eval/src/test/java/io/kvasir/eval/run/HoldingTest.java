package io.kvasir.eval.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.eval.run.Holding.Fate;
import io.kvasir.eval.run.Holding.Head;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldingTest {
  /** Positions 0 to 3 were read; a sliding-window layer has let go of the first two. */
  private static final Holding HOLDING =
      new Holding(
          4,
          List.of(
              new Head(new int[] {0, 1, 2, 3}, 2, true),
              new Head(new int[] {1, 3}, 1, true),
              new Head(new int[] {2, 3}, 2, false)));

  @Test
  void everyHeadIsCounted() {
    assertThat(HOLDING.pairs()).containsExactly(4, 2, 2);
    assertThat(HOLDING.coded()).containsExactly(2, 1, 2);
  }

  @Test
  void theOldestPairsAreTheCodedOnes() {
    assertThat(HOLDING.fate(new int[] {1})).hasValue(new Fate(1, 0, 1, 0));
    assertThat(HOLDING.fate(new int[] {3})).hasValue(new Fate(1, 1, 0, 0));
  }

  @Test
  void sharesAreOverTokensAndHeadsThatAPlanMayCut() {
    assertThat(HOLDING.fate(new int[] {0, 2})).hasValue(new Fate(2, 0.25, 0.25, 0.5));
  }

  @Test
  void whatStandsNowhereHasNoFate() {
    assertThat(HOLDING.fate(new int[0])).isEmpty();
    assertThat(new Holding(4, HOLDING.heads().subList(2, 3)).fate(new int[] {3})).isEmpty();
  }
}
