package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.kv.codec.Codec;
import org.junit.jupiter.api.Test;

class BestPairsTest {
  private static final float NAN = Float.NaN;

  @Test
  void theBestStayInAscendingOrder() {
    assertThat(select(2, Protection.NONE, 1, 5, 3, 4)).containsExactly(1, 3);
  }

  @Test
  void tiesGoToTheLowerPosition() {
    assertThat(select(2, Protection.NONE, 7, 0f, -0f, 0, -1)).containsExactly(0, 1);
    assertThat(select(3, Protection.NONE, 1, 1, 1, 1, 1)).containsExactly(0, 1, 2);
  }

  @Test
  void nanIsWorstOfAll() {
    assertThat(select(2, Protection.NONE, NAN, Float.NEGATIVE_INFINITY, -3, NAN))
        .containsExactly(1, 2);
  }

  @Test
  void negativeScoresOrderAsNumbers() {
    assertThat(select(2, Protection.NONE, -5, -1, -3, -2)).containsExactly(1, 3);
  }

  @Test
  void protectedPairsCountInsideTheBudget() {
    assertThat(select(3, new Protection(1, 1), 0, 9, 8, 7, 0)).containsExactly(0, 1, 4);
  }

  @Test
  void withTooFewPlacesSinksComeFirstThenTheNewest() {
    assertThat(select(3, new Protection(2, 4), 0, 0, 9, 9, 9, 9)).containsExactly(0, 1, 5);
    assertThat(select(1, new Protection(2, 4), 0, 0, 9)).containsExactly(0);
  }

  @Test
  void moreThanThereIsKeepsAll() {
    assertThat(select(9, Protection.NONE, 1, 2)).containsExactly(0, 1);
  }

  private static int[] select(int keep, Protection protection, float... scores) {
    try (PagePool pool = new PagePool()) {
      Codec codec = KvPlan.parse("f32").keyCodec(0);
      HeadStore pairs = new HeadStore(codec.keys(16), codec.values(16), pool, MassColumns.NO_KIND);
      for (int i = 0; i < scores.length; i++) {
        pairs.append(new float[16], 0, new float[16], 0, i);
      }
      int[] kept = BestPairs.select(pairs, scores, keep, protection);
      pairs.release();
      return kept;
    }
  }
}
