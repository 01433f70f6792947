package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.ToyCalibrations;
import io.kvasir.kv.calibration.Calibrated.Reading;
import io.kvasir.kv.calibration.CalibrationText;
import io.kvasir.kv.calibration.Calibrator;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QFiltersTest extends ScorerContract {
  @Override
  Scorer scorer() {
    return new QFilters();
  }

  @Override
  Stream<ArrayLayerView> layers() {
    return super.layers()
        .map(layer -> layer.calibrated(new ToyCalibrations(layer.model(), layer.seen())));
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    return Arrays.stream(terms(layer, g, slot)).sum();
  }

  @Override
  double magnitude(ArrayLayerView layer, int g, int slot) {
    return Arrays.stream(terms(layer, g, slot)).map(Math::abs).sum();
  }

  private static double[] terms(ArrayLayerView layer, int g, int slot) {
    float[] filters = layer.calibrations().find("qfilters").array(layer.layer(), "filters");
    int dim = layer.shape().keyDim();
    return IntStream.range(0, dim)
        .mapToDouble(d -> layer.key(g, slot, d) * filters[g * dim + d])
        .toArray();
  }

  @Test
  void learnsAndScoresTheGoldenLayer() {
    ArrayLayerView golden = Golden.layer(scorer().needs());
    float[] filters = learn(golden, 1);
    assertThat(filters)
        .containsExactly(new float[] {0.59961f, 0.46542f, -0.17738f, -0.62635f}, within(1e-5f));
    ArrayLayerView layer = golden.calibrated(name -> (l, array) -> filters);
    assertThat(scores(layer)[0])
        .containsExactly(
            new float[] {
              1.54548f, 1.34002f, 0.38158f, -0.73178f, -1.58112f, -1.76035f, -0.80660f, 0.25643f,
              1.39583f, 1.54620f, 1.32221f, 0.35099f
            },
            within(1e-5f));
  }

  @Test
  void queriesOfTheOtherSignTurnTheFilter() {
    ArrayLayerView golden = Golden.layer(scorer().needs());
    float[] filters = learn(golden, 1);
    float[] turned = learn(golden, -1);
    for (int d = 0; d < filters.length; d++) {
      assertThat(turned[d]).isEqualTo(-filters[d]);
    }
  }

  /** The direction is found again, whatever spreads around it, and most queries are ahead of it. */
  @Test
  void findsTheDirectionThatQueriesShare() {
    int dim = 64;
    double[] shared = new double[dim];
    Random random = new Random(5);
    for (int d = 0; d < dim; d++) {
      shared[d] = random.nextGaussian() / Math.sqrt(dim);
    }
    float[] rows = new float[500 * dim];
    for (int r = 0; r < 500; r++) {
      double along = r % 5 == 0 ? -9 : 6; // a fifth of them looks the other way
      for (int d = 0; d < dim; d++) {
        rows[r * dim + d] = (float) (along * shared[d] + 0.3 * random.nextGaussian());
      }
    }
    double[] found = MainDirection.of(rows, dim);
    double dot = 0;
    double norm = 0;
    for (int d = 0; d < dim; d++) {
      dot += found[d] * shared[d];
      norm += shared[d] * shared[d];
    }
    assertThat(dot / Math.sqrt(norm)).isGreaterThan(0.99);
  }

  @Test
  void withoutACalibrationItSaysSo() {
    ArrayLayerView layer = ArrayLayerView.random(1, LayerShape.full(2, 1, 16), 5, scorer().needs());
    assertThatThrownBy(() -> scores(layer))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("qfilters has not been calibrated for this model");
  }

  /** What is learned of a layer's own queries, all of them multiplied by {@code sign}. */
  private static float[] learn(ArrayLayerView layer, int sign) {
    Calibrator calibrator = new QFilters().calibrator(new OnePrompt(layer.seen()));
    LayerCalibrator learning = calibrator.layer(new KvLayer(layer.model(), layer.layer()));
    int dim = layer.shape().keyDim();
    int heads = layer.shape().queryHeads();
    float[] queries = new float[layer.seen() * heads * dim];
    for (int t = 0; t < layer.seen(); t++) {
      for (int h = 0; h < heads; h++) {
        for (int d = 0; d < dim; d++) {
          queries[(t * heads + h) * dim + d] = sign * layer.queries()[h][t * dim + d];
        }
      }
    }
    KvLayer place = new KvLayer(layer.model(), layer.layer());
    learning.read(0, new PromptRows(place, layer.seen(), queries, new float[0], new float[0]));
    return Objects.requireNonNull(learning.arrays().get("filters"));
  }

  /** A text of one short window. */
  private record OnePrompt(int tokens) implements CalibrationText {
    @Override
    public List<int[]> windows() {
      return List.of(new int[tokens]);
    }

    @Override
    public int[] ids() {
      return new int[tokens];
    }

    @Override
    public int[] encode(String text) {
      return new int[0];
    }

    @Override
    public int[] words() {
      return new int[0];
    }

    @Override
    public int[] begun(int[] ids) {
      return ids;
    }

    @Override
    public Reading reading() {
      return new Reading(tokens, tokens);
    }
  }
}
