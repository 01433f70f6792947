package io.kvasir.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReadingTest {
  @Test
  void wantsNoLogitsButTheLastUnlessItScores() {
    Reading last = Reading.last(new int[] {1, 0, 1}, 2);
    last.passBeginsAt(1);
    assertThat(last.wants(0, 0)).isFalse();
    assertThat(last.wants(0, 1)).isTrue();
    assertThat(Reading.scored(new int[] {1, 0, 1}, 2).wants(0, 0)).isTrue();
  }

  @Test
  void aScoreThatIsNoNumberIsTheWeightsFault() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(
              () -> Reading.scored(new int[] {1, 0}, 2).accept(0, 0, new float[] {bad, 1}, 0))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageMatching(
              "token 1 has the log-probability (NaN|-Infinity); the model's weights are broken");
    }
  }
}
