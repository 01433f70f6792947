package io.kvasir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.kernel.TensorType;
import io.kvasir.kv.KvCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerWalkTest {
  private static final int LAYERS = 3;
  private static final int[] LONG = ids(700); // more than a tile
  private static final int[] SHORT = ids(9);

  @TempDir Path folder;

  private static int[] ids(int count) {
    return IntStream.range(0, count).map(i -> (i * 31 + i / 7) % RandomModel.VOCABULARY).toArray();
  }

  private Path model(String architecture) {
    return RandomModel.of(architecture, TensorType.Q8_0)
        .layers(LAYERS)
        .writer()
        .write(folder.resolve(architecture + ".gguf"));
  }

  /** What was seen of every prompt in every layer, [layer][prompt][q, k, v]. */
  private static List<List<float[][]>> walk(TestModel model, int from, List<int[]> prompts) {
    LayerWalk walk = model.transformer.walk(prompts, model.pool);
    List<List<float[][]>> seen = new ArrayList<>();
    for (int l = 0; l < LAYERS; l++) {
      if (l == from) {
        LayerWalk again = model.transformer.walk(prompts, model.pool);
        again.resume(walk.layer(), walk.states());
        walk = again;
      }
      List<float[][]> layer = new ArrayList<>();
      walk.next(
          (prompt, q, k, v) -> {
            assertThat(prompt).isEqualTo(layer.size());
            layer.add(new float[][] {q.clone(), k.clone(), v.clone()});
          },
          PassListener.NONE);
      seen.add(layer);
    }
    assertThat(walk.layer()).isEqualTo(LAYERS);
    return seen;
  }

  /** The keys that the walk shows have the norms by which knorm chooses in an ordinary prefill. */
  @Test
  void showsTheKeysThatAPrefillComputes() {
    for (String architecture : List.of("llama", "qwen3", "gemma3")) {
      try (TestModel model = TestModel.open(model(architecture), 2);
          KvCache cache = model.cache("knorm(keep=300)")) {
        List<List<float[][]>> seen = walk(model, -1, List.of(SHORT, LONG));
        model.prefill(List.of(cache), LONG);
        for (int l = 0; l < LAYERS; l++) {
          if (cache.shape().layer(l).compressible()) {
            int[] expected = smallest(seen.get(l).get(1)[1], 300);
            assertThat(cache.positions(l, 0)).as("%s, %d", architecture, l).isEqualTo(expected);
          }
        }
      }
    }
  }

  /** Positions of the keys of KV head 0 with the smallest norms, ascending. */
  private static int[] smallest(float[] keys, int count) {
    int width = RandomModel.KV_HEADS * RandomModel.KEY_DIM;
    float[] norms = new float[LONG.length];
    for (int t = 0; t < norms.length; t++) {
      double sum = 0;
      for (int d = 0; d < RandomModel.KEY_DIM; d++) {
        sum += (double) keys[t * width + d] * keys[t * width + d];
      }
      norms[t] = (float) Math.sqrt(sum);
    }
    return IntStream.range(0, norms.length)
        .boxed()
        .sorted(Comparator.comparingDouble(t -> norms[t])) // stable: ties to the lower position
        .limit(count)
        .mapToInt(t -> t)
        .sorted()
        .toArray();
  }

  @Test
  void neitherCompanyNorThreadsNorAResumptionChangeABit() {
    Path path = model("llama");
    try (TestModel one = TestModel.open(path, 1);
        TestModel two = TestModel.open(path, 2)) {
      List<List<float[][]>> alone = walk(one, -1, List.of(LONG));
      List<List<float[][]>> resumed = walk(two, 2, List.of(LONG, SHORT));
      for (int l = 0; l < LAYERS; l++) {
        assertThat(resumed.get(l).get(0)).isDeepEqualTo(alone.get(l).get(0));
      }
    }
  }

  @Test
  void leavesNoPageBehind() {
    try (TestModel model = TestModel.open(model("llama"), 1)) {
      walk(model, -1, List.of(LONG));
      assertThat(model.pool.usedBytes()).isZero();
    }
  }

  @Test
  void wrongPromptsAreRefused() {
    try (TestModel model = TestModel.open(model("llama"), 1)) {
      assertThatThrownBy(() -> model.transformer.walk(List.of(new int[0]), model.pool))
          .hasMessage("a pass needs at least one token, got none");
      assertThatThrownBy(() -> model.transformer.walk(List.of(new int[] {70}), model.pool))
          .hasMessage("token 70 is outside the vocabulary of 70");
      LayerWalk walk = model.transformer.walk(List.of(SHORT), model.pool);
      assertThatThrownBy(() -> walk.resume(1, Arrays.copyOf(walk.states(), 5)))
          .hasMessage("5 hidden states for 9 tokens of 256");
    }
  }
}
