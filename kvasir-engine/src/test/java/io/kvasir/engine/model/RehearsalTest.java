package io.kvasir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Precision;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.kernel.TensorType;
import io.kvasir.kernel.Workers;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RehearsalTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void everyArchitectureIsRehearsedToTheEnd(Architecture architecture) {
    try (GgufFile file = open(RandomModel.mixed(architecture.text()));
        Rehearsal rehearsal = Rehearsal.start(file, ModelConfig.read(file), Precision.FAST)) {
      rehearsal.await();
      assertThat(rehearsal.failure()).isEmpty();
    }
  }

  @Test
  void closingEndsItEarly() {
    try (GgufFile file = open(RandomModel.of("llama", TensorType.Q4_K))) {
      Rehearsal rehearsal = Rehearsal.start(file, ModelConfig.read(file), Precision.FAST);
      rehearsal.close();
      assertThat(rehearsal.failure()).isEmpty();
    }
  }

  @Test
  void aMiniatureHasOneSmallLayerOfEachKind() {
    try (GgufFile file = open(RandomModel.of("gemma3", TensorType.Q4_K).layers(7));
        Arena arena = Arena.ofConfined();
        Workers workers = new Workers(1)) {
      ModelConfig original = ModelConfig.read(file);
      Miniature miniature =
          new Miniature(original, ModelTensors.of(file, original), arena, workers);
      List<LayerConfig> layers = miniature.config().layers();
      assertThat(layers).hasSize(2); // five with a sliding window, then one without
      assertThat(layers.getFirst().attention().window()).isPositive();
      assertThat(layers.getLast().attention().window()).isZero();
      assertThat(layers)
          .allSatisfy(
              layer -> {
                assertThat(layer.attention().kvHeads()).isEqualTo(1);
                assertThat(layer.attention().groupSize())
                    .isEqualTo(RandomModel.HEADS / RandomModel.KV_HEADS);
                assertThat(layer.attention().keyDim()).isEqualTo(RandomModel.KEY_DIM);
              });
      Weights weights = miniature.weights();
      assertThat(weights.layers()).hasSize(2);
      assertThat(weights.embedding().type()).isEqualTo(TensorType.Q4_K);
      assertThat(weights.embedding().cols()).isEqualTo(256); // a block of Q4_K
    }
  }

  private GgufFile open(RandomModel model) {
    return GgufFile.open(model.writer().write(folder.resolve("m.gguf")));
  }
}
