package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SCOPE in a cache: what the prompt left stays, and the answer has its window. */
class DecodingBudgetTest {
  private static final int PROMPT = 120;
  private static final LayerShape[] LAYERS = ToyModel.layers(2, 4, 2, 32);

  @ParameterizedTest
  @CsvSource({"slide, 24, 24", "adaptive, 16, 24", "discontinuous, 16, 27"})
  void thePromptStaysAndTheAnswerIsBounded(String mode, int least, int most) {
    String plan = "scope(keep=25%%,window=24,recent=12,length=60,mode=%s) | f32".formatted(mode);
    try (ToyModel model = new ToyModel(3, 2, LAYERS);
        KvCache cache = model.cache(plan)) {
      model.prefill(PROMPT, 64, cache);
      int[] kept = cache.positions(1, 0);
      assertThat(kept).hasSize(30);
      for (int t = 1; t <= 80; t++) {
        model.step(1, cache);
        int[] now = cache.positions(1, 0);
        int decoded = now.length - kept.length;
        assertThat(Arrays.copyOf(now, kept.length)).isEqualTo(kept);
        assertThat(decoded).isBetween(Math.min(t, least - 4), most);
        for (int newest = 0; newest < Math.min(t, 12); newest++) {
          assertThat(now[now.length - 1 - newest]).isEqualTo(PROMPT + t - 1 - newest);
        }
      }
    }
  }

  /** The step that overflows the window: its own query decides, by the group's mean. */
  @Test
  void theCurrentQueryChoosesWhichDecodedTokenGoes() {
    try (ToyModel model = new ToyModel(4, 2, LAYERS);
        KvCache cache = model.cache("scope(keep=100,window=20,recent=10) | f32")) {
      model.prefill(100, 64, cache);
      for (int t = 0; t < 20; t++) {
        model.step(1, cache);
      }
      assertThat(cache.positions(0, 1)).hasSize(120);
      model.step(1, cache);
      int[] all = new int[121];
      Arrays.setAll(all, p -> p);
      double least = Double.MAX_VALUE;
      int goes = -1;
      for (int p = 100; p < 111; p++) {
        double weight = model.weights(0, 2, 120)[p] + model.weights(0, 3, 120)[p];
        if (weight < least) {
          least = weight;
          goes = p;
        }
      }
      int gone = goes;
      assertThat(cache.positions(0, 1))
          .isEqualTo(Arrays.stream(all).filter(p -> p != gone).toArray());
    }
  }
}
