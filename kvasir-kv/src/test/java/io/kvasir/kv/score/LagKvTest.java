package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.Protection;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LagKvTest extends ScorerContract {
  private static final int LAG = 12;
  private static final int SINKS = 3;

  @Override
  Scorer scorer() {
    return new LagKv(LAG, SINKS, LagKv.Among.PARTITION);
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    int partition = partition(layer, g, slot);
    if (partition < 0 || partition + 2 > (layer.seen() - SINKS) / LAG) {
      return 0;
    }
    int[] rivals = slots(layer, g, partition);
    double own = s(layer, g, partition, slot);
    long better =
        Arrays.stream(rivals)
            .filter(
                rival -> {
                  double its = s(layer, g, partition, rival);
                  return its > own || its == own && rival < slot;
                })
            .count();
    return (LAG - 1.0 - better) / LAG;
  }

  private static int partition(ArrayLayerView layer, int g, int slot) {
    return Math.floorDiv(layer.position(g, slot) - SINKS, LAG);
  }

  private static int[] slots(ArrayLayerView layer, int g, int partition) {
    return IntStream.range(0, layer.stored(g))
        .filter(slot -> partition(layer, g, slot) == partition)
        .toArray();
  }

  private static double s(ArrayLayerView layer, int g, int partition, int slot) {
    return softmax(layer, g, partition, slot, layer::key)
        + softmax(layer, g, partition, slot, layer::value);
  }

  private interface Tensor {
    double at(int g, int slot, int d);
  }

  private static double softmax(
      ArrayLayerView layer, int g, int partition, int slot, Tensor tensor) {
    IntToDoubleFunction u =
        rival -> deviation(layer, g, rival, slots(layer, g, partition + 1), tensor);
    double sum =
        Arrays.stream(slots(layer, g, partition))
            .mapToDouble(j -> Math.exp(u.applyAsDouble(j)))
            .sum();
    return Math.exp(u.applyAsDouble(slot)) / sum;
  }

  private static double deviation(
      ArrayLayerView layer, int g, int slot, int[] next, Tensor tensor) {
    double[] z =
        IntStream.range(0, layer.shape().keyDim())
            .mapToObj(
                d -> {
                  double[] there =
                      Arrays.stream(next).mapToDouble(j -> tensor.at(g, j, d)).toArray();
                  double min = Arrays.stream(there).min().orElse(0);
                  double max = Arrays.stream(there).max().orElse(0);
                  return max == min
                      ? new double[0]
                      : new double[] {(tensor.at(g, slot, d) - min) / (max - min)};
                })
            .flatMapToDouble(Arrays::stream)
            .toArray();
    double mean = Arrays.stream(z).sum() / z.length;
    double squares = Arrays.stream(z).map(x -> (x - mean) * (x - mean)).sum();
    return z.length < 2 ? 0 : Math.sqrt(squares / (z.length - 1));
  }

  @Test
  void weighsTheGoldenLayer() {
    LagKv across = new LagKv(3, 2, LagKv.Among.ALL);
    float[][] scores = new float[1][12];
    across.score(Golden.layer(across.needs()), scores);
    assertThat(Arrays.copyOfRange(scores[0], 2, 8))
        .containsExactly(
            new float[] {1.49224f, 0.36779f, 0.13997f, 1.15697f, 0.53015f, 0.31288f},
            within(1e-5f));
    assertThat(across.protects(CutPoint.ofPrompt(12, 8))).isEqualTo(new Protection(2, 4));
  }

  @Test
  void ranksTheGoldenLayer() {
    LagKv ranked = new LagKv(3, 2, LagKv.Among.PARTITION);
    float[][] scores = new float[1][12];
    ranked.score(Golden.layer(ranked.needs()), scores);
    float third = 1f / 3;
    assertThat(Arrays.copyOfRange(scores[0], 2, 8))
        .containsExactly(2 * third, third, 0, 2 * third, third, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "1203, 4, 175",
    "388, 4, 128",
    "387, 4, 255",
    "260, 4, 128",
    "259, 4, 255",
    "3, 4, 0"
  })
  void protectsSinksAndFromTheLastWholePartitionOn(int seen, int sinks, int recent) {
    LagKv standard = new LagKv(128, 4, LagKv.Among.PARTITION);
    assertThat(standard.protects(CutPoint.ofPrompt(seen, 10)))
        .isEqualTo(new Protection(sinks, recent));
  }

  @Test
  void growingOrShiftingAChannelChangesNothing() {
    ArrayLayerView layer = ArrayLayerView.random(9, LayerShape.full(2, 1, 8), 60, scorer().needs());
    float[] other = layer.keys()[0].clone();
    for (int i = 0; i < other.length; i++) {
      int d = i % 8;
      other[i] = other[i] * (1 << d) + d;
    }
    ArrayLayerView moved =
        new ArrayLayerView(
            layer.layer(),
            layer.shape(),
            layer.seen(),
            new float[][] {other},
            layer.values(),
            layer.queries(),
            layer.positions(),
            layer.shown());
    assertThat(scores(moved)).isDeepEqualTo(scores(layer));
  }

  /** What a cut left of a partition stands behind nothing but the best of a new one. */
  @Test
  void survivorsOfACutKeepTheirPlaceBeforeNewPartitions() {
    ArrayLayerView all = ArrayLayerView.random(5, LayerShape.full(1, 1, 8), 98, scorer().needs());
    for (float score : scores(all.ragged(1))[0]) { // every second pair is left, six of twelve
      assertThat(score == 0 || score >= 6f / LAG).isTrue();
    }
  }
}
