package io.kvasir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.kernel.TensorType;
import io.kvasir.kv.KvCache;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logits of random models against the definition, {@link NaiveModel}. */
class TransformerTest {
  /** Of the logits' largest magnitude: f32 sums of hundreds of products, through two layers. */
  private static final double BOUND = 1e-5;

  private static final int[] IDS =
      new Random(5).ints(24, 0, RandomModel.VOCABULARY).toArray(); // more than a window of 7

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void everyTensorTypeComputes(TensorType type) {
    check(RandomModel.of("llama", type).writer().write(folder.resolve("m.gguf")));
  }

  /** Sixteen matrices, fourteen types. */
  @ParameterizedTest
  @EnumSource(Architecture.class)
  void everyArchitectureComputesWithAllTypes(Architecture architecture) {
    check(RandomModel.mixed(architecture.text()).writer().write(folder.resolve("m.gguf")));
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void theEmbeddingServesWhereThereIsNoOutputMatrix(Architecture architecture) {
    check(
        RandomModel.of(architecture.text(), TensorType.Q8_0)
            .tied()
            .writer()
            .write(folder.resolve("m.gguf")));
  }

  @Test
  void ropeFactorsDivideTheFrequencies() {
    check(
        RandomModel.of("llama", TensorType.Q8_0)
            .ropeFactors()
            .writer()
            .write(folder.resolve("m.gguf")));
  }

  @Test
  void llamaMayHaveBiases() {
    check(
        RandomModel.of("llama", TensorType.Q8_0).biased().writer().write(folder.resolve("m.gguf")));
  }

  @Test
  void valuesMayHaveAnotherDimThanKeys() {
    check(
        RandomModel.of("qwen3", TensorType.Q8_0)
            .valueDim(32)
            .writer()
            .write(folder.resolve("m.gguf")));
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void linearScalingStretchesPositions(Architecture architecture) {
    check(
        RandomModel.of(architecture.text(), TensorType.Q8_0)
            .writer()
            .string(architecture.text() + ".rope.scaling.type", "linear")
            .float32(architecture.text() + ".rope.scaling.factor", 8)
            .write(folder.resolve("m.gguf")));
  }

  @Test
  void llamaSlidesAWindowWhereTheFileDemandsIt() {
    check(
        RandomModel.of("llama", TensorType.Q8_0)
            .writer()
            .uint32("llama.attention.sliding_window", 5)
            .write(folder.resolve("m.gguf")));
  }

  @Test
  void everySixthLayerOfGemmaIsGlobal() {
    check(RandomModel.of("gemma3", TensorType.Q8_0).layers(7).writer().write(folder.resolve("m")));
  }

  @Test
  void theFileMaySayHowManyLayersOfGemmaAreGlobal() {
    check(
        RandomModel.of("gemma3", TensorType.Q8_0)
            .writer()
            .uint32("gemma3.attention.sliding_window_pattern", 2)
            .write(folder.resolve("m.gguf")));
  }

  @Test
  void aSplitFileIsOneModel() {
    check(RandomModel.of("llama", TensorType.Q8_0).writer().split(folder, "m", 3).getFirst());
  }

  private static void check(Path path) {
    double[][] expected;
    try (GgufFile file = GgufFile.open(path)) {
      expected = new NaiveModel(file).logits(IDS);
    }
    try (TestModel model = TestModel.open(path, 2);
        KvCache cache = model.cache("f32")) {
      float[][] logits = model.prefill(List.of(cache), IDS);
      assertThat(furthest(logits, expected)).isLessThan(BOUND);
    }
  }

  /** The largest difference, relative to the largest logit. */
  private static double furthest(float[][] logits, double[][] expected) {
    double furthest = 0;
    double largest = 0;
    for (int t = 0; t < expected.length; t++) {
      for (int i = 0; i < expected[t].length; i++) {
        furthest = Math.max(furthest, Math.abs(logits[t][i] - expected[t][i]));
        largest = Math.max(largest, Math.abs(expected[t][i]));
      }
    }
    return furthest / largest;
  }
}
