package io.kvasir.engine.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Models;
import io.kvasir.engine.Precision;
import io.kvasir.engine.References;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.calibration.PromptRows;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What freqkv stands on: over positions, keys before rotation and values change slowly, in all
 * layers but the first (arXiv:2505.00570). With this text keys have 0.69 of their energy in the
 * slower half of the waves in layer 0, 0.82 to 0.98 later; values 0.48, and 0.52 to 0.83 later.
 */
@Tag("model")
class SlowWavesTest {
  private static final int TOKENS = 256;

  @Test
  void theSlowerHalfOfTheWavesHasMostOfTheEnergyInLaterLayers() throws IOException {
    String text = Files.readString(References.root().resolve("LICENSE"));
    ModelOptions exact = ModelOptions.DEFAULT.withPrecision(Precision.EXACT);
    try (Model model = Model.load(Models.require("smollm2-135m-instruct"), exact)) {
      int[] ids = Arrays.copyOf(model.tokenizer().encode(text, false), TOKENS);
      model.walk(
          List.of(ids),
          walk -> {
            while (walk.layer() < model.config().layers().size()) {
              KvLayer layer = model.kvModel().layer(walk.layer());
              walk.next(
                  (p, q, k, v) -> check(new PromptRows(layer, TOKENS, q, k, v)),
                  (done, total) -> {});
            }
          });
    }
  }

  private static void check(PromptRows rows) {
    int dim = rows.layer().shape().keyDim();
    float[] keys = new float[TOKENS * dim]; // of head 0
    float[] values = new float[TOKENS * dim];
    for (int t = 0; t < TOKENS; t++) {
      rows.unrotatedKey(0, t, keys, t * dim);
      rows.value(0, t, values, t * dim);
    }
    if (rows.layer().index() > 0) { // the first one reads tokens that have not met
      assertThat(slow(keys, dim)).as("keys of %s", rows.layer().index()).isGreaterThan(0.5);
      assertThat(slow(values, dim)).as("values of %s", rows.layer().index()).isGreaterThan(0.5);
    }
  }

  /** The share of the energy that is in the first half of the DCT over tokens. */
  private static double slow(float[] rows, int dim) {
    double slow = 0;
    double all = 0;
    for (int wave = 0; wave < TOKENS; wave++) {
      double[] sums = new double[dim];
      for (int t = 0; t < TOKENS; t++) {
        double cosine = Math.cos(Math.PI * wave * (2 * t + 1) / (2 * TOKENS));
        for (int d = 0; d < dim; d++) {
          sums[d] += cosine * rows[t * dim + d];
        }
      }
      double energy = Arrays.stream(sums).map(x -> x * x).sum() * (wave == 0 ? 1 : 2);
      all += energy;
      slow += wave < TOKENS / 2 ? energy : 0;
    }
    return slow / all;
  }
}
