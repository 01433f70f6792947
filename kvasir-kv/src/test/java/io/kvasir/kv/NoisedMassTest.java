package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.GumbelRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention summed under noise, by its definition in f64. */
class NoisedMassTest {
  private static final LayerShape[] LAYERS = ToyModel.layers(2, 6, 2, 32);
  private static final AttentionNoise NOISE = new AttentionNoise(true, 7, 0.5, 3, 4);
  private static final String PLAN =
      "keyformer(keep=1000,every=1000,seed=7,tau=0.5,tau-end=3,length=4) | f32";

  @Test
  void isTheSumOfSoftmaxRowsOfDisturbedLogits() {
    int prompt = 150;
    int tokens = prompt + 6;
    try (ToyModel model = new ToyModel(8, 2, LAYERS);
        KvCache cache = model.cache(PLAN)) {
      model.prefill(prompt, 64, cache);
      for (int t = prompt; t < tokens; t++) {
        model.step(1, cache);
      }
      for (int g = 0; g < 2; g++) {
        double[] expected = new double[tokens];
        for (int h = 3 * g; h < 3 * g + 3; h++) {
          for (int t = 0; t < tokens; t++) {
            int step = Math.max(0, t - prompt + 1);
            double tau = 0.5 + 2.5 * Math.min(step, 4) / 4;
            add(model, h, t, tau, expected);
          }
        }
        MassColumns mass = cache.layer(1).heads()[g].mass();
        for (int p = 0; p < tokens; p++) {
          assertThat((double) mass.at(NOISE, p)).isCloseTo(expected[p] / 3, within(2e-4));
        }
      }
    }
  }

  private static void add(ToyModel model, int h, int t, double tau, double[] sums) {
    double[] row = model.logits(1, h, t);
    int key = NOISE.key(1, h, t);
    double all = 0;
    for (int p = 0; p <= t; p++) {
      row[p] = Math.exp((row[p] + GumbelRef.draw(key, p)) / tau);
      all += row[p];
    }
    for (int p = 0; p <= t; p++) {
      sums[p] += row[p] / all;
    }
  }

  @Test
  void everyQueryGivesAwayOne() {
    try (ToyModel model = new ToyModel(8, 2, LAYERS);
        KvCache cache = model.cache(PLAN)) {
      model.prefill(300, 64, cache);
      model.step(1, cache);
      double sum = 0;
      for (int p = 0; p < 301; p++) {
        sum += cache.layer(0).heads()[1].mass().at(NOISE, p);
      }
      assertThat(sum).isCloseTo(301, within(0.01));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 64", "2, 7", "2, 300"})
  void hasTheSameBitsWhateverTheTileAndTheThreads(int threads, int tile) {
    float[] expected = masses(2, 64);
    assertThat(masses(threads, tile)).isEqualTo(expected);
  }

  private static float[] masses(int threads, int tile) {
    try (ToyModel model = new ToyModel(8, threads, LAYERS);
        KvCache cache = model.cache(PLAN)) {
      model.prefill(300, tile, cache);
      float[] masses = new float[300];
      for (int p = 0; p < masses.length; p++) {
        masses[p] = cache.layer(1).heads()[0].mass().at(NOISE, p);
      }
      return masses;
    }
  }

  /** Noise belongs to positions: what is left of a key's mass does not depend on its neighbours. */
  @Test
  void survivorsOfACutMeetTheNoiseOfTheirPositions() {
    try (ToyModel model = new ToyModel(9, 2, ToyModel.layers(1, 2, 1, 32));
        KvCache cache = model.cache("keyformer(keep=50%,every=1,seed=7) | f32")) {
      model.prefill(100, 64, cache);
      int[] kept = cache.positions(0, 0);
      AttentionNoise noise = new AttentionNoise(true, 7, 1, 2, 128);
      float[] before = masses(cache, noise, kept.length);
      model.step(1, cache);
      int[] left = cache.positions(0, 0);
      float[] after = masses(cache, noise, left.length);
      for (int s = 0, old = 0; s < left.length - 1; s++) {
        while (kept[old] != left[s]) {
          old++;
        }
        double given = 0;
        for (int h = 0; h < 2; h++) {
          double[] logits = model.logits(0, h, 100);
          double all = Math.exp(disturbed(logits, noise, h, 100));
          for (int p : kept) {
            all += Math.exp(disturbed(logits, noise, h, p));
          }
          given += Math.exp(disturbed(logits, noise, h, left[s])) / all / 2;
        }
        assertThat((double) after[s] - before[old]).isCloseTo(given, within(1e-5));
      }
    }
  }

  private static double disturbed(double[] logits, AttentionNoise noise, int h, int p) {
    return (logits[p] + GumbelRef.draw(noise.key(0, h, 100), p)) / noise.temperature(1);
  }

  private static float[] masses(KvCache cache, AttentionNoise noise, int count) {
    float[] masses = new float[count];
    for (int s = 0; s < count; s++) {
      masses[s] = cache.layer(0).heads()[0].mass().at(noise, s);
    }
    return masses;
  }
}
