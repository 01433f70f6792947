package io.kvasir.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogProbsTest {
  /** Softmax 1/10, 2/10, 3/10, 4/10. */
  private static final float[] TENTHS = {
    (float) Math.log(1), (float) Math.log(2), (float) Math.log(3), (float) Math.log(4)
  };

  @Test
  void nllIsMinusTheLogOfTheProbability() {
    for (int id = 0; id < 4; id++) {
      assertThat(LogProbs.nll(TENTHS, id)).isCloseTo(-Math.log((id + 1) / 10.0), within(1e-7));
    }
  }

  @Test
  void largeLogitsDoNotOverflow() {
    float[] large = {1e4f, 1e4f, -1e4f};
    assertThat(LogProbs.nll(large, 0)).isCloseTo(Math.log(2), within(1e-9));
    assertThat(LogProbs.kl(large, large)).isZero();
  }

  @Test
  void klIsTheMeanLogRatioUnderTheFirst() {
    float[] uniform = new float[4];
    double expected = 0;
    for (int id = 0; id < 4; id++) {
      double p = (id + 1) / 10.0;
      expected += p * Math.log(p / 0.25);
    }
    assertThat(LogProbs.kl(TENTHS, uniform)).isCloseTo(expected, within(1e-7));
    assertThat(LogProbs.kl(TENTHS, TENTHS)).isZero();
    assertThatThrownBy(() -> LogProbs.kl(TENTHS, new float[5]))
        .hasMessage("logits of 4 and of 5 tokens cannot be compared");
  }

  @Test
  void aPredictionIsTheSameAsABase() {
    Prediction tenths = Prediction.of(TENTHS);
    Prediction other = Prediction.of(new float[] {1, 0, -1, 2});
    assertThat(tenths.asBase().kl(other)).isEqualTo(tenths.kl(other)).isPositive();
    assertThat(tenths.nll(1)).isEqualTo(LogProbs.nll(TENTHS, 1));
    assertThat(tenths.asBase().argmax()).isEqualTo(3);
    assertThat(tenths.asBase().kl(tenths)).isZero();
  }

  @Test
  void topIdsAreSortedAndTiesGoToTheLowestId() {
    float[] logits = {1, 5, 3, 5, -2, 3, 3};
    assertThat(LogProbs.topIds(logits, 5)).containsExactly(1, 3, 2, 5, 6);
    assertThat(LogProbs.topIds(logits, 4)).containsExactly(1, 3, 2, 5);
    assertThat(LogProbs.topIds(logits, 100)).containsExactly(1, 3, 2, 5, 6, 0, 4);
    assertThat(LogProbs.topIds(logits, 0)).isEmpty();
    assertThat(LogProbs.argmax(logits)).isEqualTo(1);
  }

  @Test
  void aPartOfALongerArrayCountsAlone() {
    float[] padded = new float[10];
    System.arraycopy(TENTHS, 0, padded, 3, 4);
    IntStream.range(0, 4)
        .forEach(
            id -> assertThat(LogProbs.nll(padded, 3, 4, id)).isEqualTo(LogProbs.nll(TENTHS, id)));
  }
}
