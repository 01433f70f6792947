package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.Protection;
import io.kvasir.kv.Signals;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every scorer must hold. A test extends this, names its scorer and writes its definition out
 * in double; which pairs are kept is tested once for all scorers, with the cache.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ScorerContract {

  abstract Scorer scorer();

  /** The method's definition for one stored pair, as plainly as it can be written. */
  abstract double definition(ArrayLayerView layer, int g, int slot);

  /** What rounding is measured by: larger than the score where terms of a sum cancel. */
  double magnitude(ArrayLayerView layer, int g, int slot) {
    return Math.abs(definition(layer, g, slot));
  }

  /** Multi-head, grouped and odd shapes; one token, few, many; ragged heads; equal keys. */
  Stream<ArrayLayerView> layers() {
    Signals signals = scorer().needs();
    return Stream.of(
            LayerShape.full(9, 3, 64), LayerShape.full(4, 4, 16), LayerShape.full(14, 2, 6))
        .flatMap(
            shape ->
                Stream.of(1, 2, 7, 33, 100).map(n -> ArrayLayerView.random(n, shape, n, signals)))
        .flatMap(
            layer -> Stream.of(layer, layer.tied(), layer.ragged(1 + signals.recentQueries())));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void scoresEqualTheDefinition(ArrayLayerView layer) {
    float[][] scores = scores(layer);
    for (int g = 0; g < scores.length; g++) {
      for (int slot = 0; slot < scores[g].length; slot++) {
        double expected = definition(layer, g, slot);
        assertThat((double) scores[g][slot])
            .as("head %d slot %d", g, slot)
            .isCloseTo(expected, within(2e-6 * magnitude(layer, g, slot) + 1e-9));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void sameLayerSameBits(ArrayLayerView layer) {
    assertThat(scores(layer)).isDeepEqualTo(scores(layer));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void protectsNoNegativeNumber(ArrayLayerView layer) {
    for (int keep : List.of(1, 2, layer.seen())) {
      Protection protection = scorer().protects(CutPoint.ofPrompt(layer.seen(), keep));
      assertThat(protection.sinks()).isNotNegative();
      assertThat(protection.recent()).isNotNegative();
    }
  }

  /** The scorer's answer; it may look at nothing but the signals it declares. */
  final float[][] scores(ArrayLayerView layer) {
    float[][] scores = new float[layer.shape().kvHeads()][];
    for (int g = 0; g < scores.length; g++) {
      scores[g] = new float[layer.stored(g)];
    }
    scorer().score(layer, scores);
    return scores;
  }
}
