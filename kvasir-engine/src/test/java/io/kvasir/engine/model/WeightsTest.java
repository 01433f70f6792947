package io.kvasir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.GgufWriter;
import io.kvasir.kernel.TensorType;
import io.kvasir.kernel.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
  private final Workers workers = new Workers(2);

  @TempDir Path folder;

  @AfterEach
  void endWorkers() {
    workers.close();
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void bytesAreKnownBeforehand(Architecture architecture) {
    try (GgufFile file = open(RandomModel.mixed(architecture.text()).writer())) {
      ModelConfig config = ModelConfig.read(file);
      try (Weights weights = Weights.load(file, config, workers, LoadListener.NONE)) {
        assertThat(weights.bytes()).isEqualTo(Weights.bytes(file, config));
      }
    }
  }

  @Test
  void progressEndsAtTheTotal() {
    List<Long> done = new ArrayList<>();
    try (GgufFile file = open(RandomModel.of("llama", TensorType.Q4_0).writer())) {
      long total = file.tensors().stream().mapToLong(tensor -> tensor.bytes()).sum();
      LoadListener listener =
          (doneBytes, totalBytes) -> {
            assertThat(totalBytes).isEqualTo(total);
            done.add(doneBytes);
          };
      Weights.load(file, ModelConfig.read(file), workers, listener).close();
      assertThat(done).hasSize(file.tensors().size()).isSorted().endsWith(total);
    }
  }

  @ParameterizedTest
  @CsvSource({"Q4_0, true", "F16, false", "BF16, false", "F32, false"})
  void tellsWhetherMostWeightsAreCodes(TensorType type, boolean codes) {
    try (GgufFile file = open(RandomModel.of("llama", type).writer());
        Weights weights = Weights.load(file, ModelConfig.read(file), workers, LoadListener.NONE)) {
      assertThat(weights.mostlyCodes()).isEqualTo(codes);
    }
  }

  @Test
  void aListenerMayEndTheLoad() {
    try (GgufFile file = open(RandomModel.of("llama", TensorType.Q4_0).writer())) {
      LoadListener listener =
          (done, total) -> {
            throw new CancellationException();
          };
      assertThatThrownBy(() -> Weights.load(file, ModelConfig.read(file), workers, listener))
          .isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void aScaleThatIsNotFiniteIsRefused() {
    byte[] up = new byte[256 * 256 / 32 * 18];
    putHalf(up, 3 * (256 / 32 * 18), Float.NaN);
    assertRefused(
        RandomModel.of("llama", TensorType.Q4_0)
            .without("blk.1.ffn_up.weight")
            .writer()
            .tensor("blk.1.ffn_up.weight", TensorType.Q4_0, up, 256, 256),
        "tensor blk.1.ffn_up.weight: Q4_0 [256][256]: row 3 has a scale or weight that is not finite");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void aNormWeightThatIsNotFiniteIsRefused(float weight) {
    assertRefused(
        RandomModel.of("llama", TensorType.Q4_0)
            .without("blk.0.ffn_norm.weight")
            .writer()
            .tensor("blk.0.ffn_norm.weight", TensorType.F32, ones(256, 5, weight), 256),
        "tensor blk.0.ffn_norm.weight: element 5 is " + weight + ", expected a finite number");
  }

  @Test
  void aRopeFactorOfZeroIsRefused() {
    assertRefused(
        RandomModel.of("llama", TensorType.Q4_0)
            .writer()
            .tensor("rope_freqs.weight", TensorType.F32, ones(64, 7, 0), 64),
        "tensor rope_freqs.weight: element 7 is 0.0, expected a positive factor");
  }

  @Test
  void aFileThatIsCutAfterItWasOpenedIsRefused() throws IOException {
    Path path = RandomModel.of("llama", TensorType.F32).writer().write(folder.resolve("m.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      ModelConfig config = ModelConfig.read(file);
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() / 2);
      }
      assertThatThrownBy(() -> Weights.load(file, config, workers, LoadListener.NONE))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageStartingWith(path + ": ");
    }
  }

  private void assertRefused(GgufWriter writer, String sentence) {
    try (GgufFile file = open(writer)) {
      ModelConfig config = ModelConfig.read(file);
      assertThatThrownBy(() -> Weights.load(file, config, workers, LoadListener.NONE))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage(folder.resolve("m.gguf") + ": " + sentence);
    }
  }

  private GgufFile open(GgufWriter writer) {
    return GgufFile.open(writer.write(folder.resolve("m.gguf")));
  }

  /** f32 ones, but for one element. */
  private static byte[] ones(int n, int except, float value) {
    ByteBuffer out = ByteBuffer.allocate(Float.BYTES * n).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      out.putFloat(i == except ? value : 1);
    }
    return out.array();
  }

  private static void putHalf(byte[] bytes, int at, float value) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(at, Float.floatToFloat16(value));
  }
}
