package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.LayerShape;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class RandomTest extends ScorerContract {
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);

  @Override
  Scorer scorer() {
    return new Random(7);
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    return hash(7, layer.layer(), g, layer.position(g, slot));
  }

  /** Written over unbounded integers, so that no overflow is taken for granted. */
  private static double hash(long... parts) {
    BigInteger state = BigInteger.ZERO;
    for (long part : parts) {
      state = state.add(BigInteger.valueOf(part)).add(new BigInteger("9E3779B97F4A7C15", 16));
      state = step(state.mod(WORD), 30, "BF58476D1CE4E5B9");
      state = step(state, 27, "94D049BB133111EB");
      state = state.xor(state.shiftRight(31));
    }
    return state.shiftRight(40).doubleValue() / (1 << 24);
  }

  private static BigInteger step(BigInteger z, int shift, String factor) {
    return z.xor(z.shiftRight(shift)).multiply(new BigInteger(factor, 16)).mod(WORD);
  }

  @Test
  void drawsEvenlyAndDifferentlyInEveryHead() {
    float[][] scores = scores(layer(4000));
    for (float[] head : scores) {
      double sum = 0;
      for (float score : head) {
        assertThat(score).isBetween(0f, Math.nextDown(1f));
        sum += score;
      }
      assertThat(sum / head.length).isCloseTo(0.5, within(0.02)); // 4 sigma of 4000 draws
    }
    assertThat(scores[0]).isNotEqualTo(scores[1]);
  }

  @Test
  void survivorsKeepTheirScores() {
    ArrayLayerView all = layer(100);
    ArrayLayerView rest = all.ragged(5);
    float[][] before = scores(all);
    float[][] after = scores(rest);
    for (int g = 0; g < after.length; g++) {
      for (int slot = 0; slot < after[g].length; slot++) {
        assertThat(after[g][slot]).isEqualTo(before[g][rest.position(g, slot)]);
      }
    }
  }

  private ArrayLayerView layer(int tokens) {
    return ArrayLayerView.random(1, LayerShape.full(2, 2, 2), tokens, scorer().needs());
  }
}
