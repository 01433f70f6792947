package io.kvasir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.GgufWriter;
import io.kvasir.kernel.TensorType;
import java.nio.file.Path;
import java.util.Collections;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  @TempDir Path folder;

  @Test
  void aFileIsRead() {
    ModelConfig config = read(RandomModel.of("gemma3", TensorType.Q4_0).layers(7).writer());
    assertThat(config.architecture()).isEqualTo(Architecture.GEMMA3);
    assertThat(config.contextLength()).isEqualTo(2048);
    assertThat(config.vocabularySize()).isEqualTo(70);
    assertThat(config.hidden()).isEqualTo(256);
    assertThat(config.embeddingScale()).isEqualTo(16);
    assertThat(config.layers()).hasSize(7);
    assertThat(config.layers())
        .extracting(layer -> layer.attention().window())
        .containsExactly(7, 7, 7, 7, 7, 0, 7);
    assertThat(config.layers().get(4).rope().base()).isEqualTo(10_000);
    assertThat(config.layers().get(5).rope().base()).isEqualTo(500_000);
    assertThat(config.kvShape().compressibleLayers()).isEqualTo(1);
  }

  @Test
  void aWindowAsLongAsTheContextIsNone() {
    GgufWriter writer = RandomModel.of("llama", TensorType.Q4_0).writer();
    assertThat(
            read(writer.uint32("llama.attention.sliding_window", 2047)).kvShape().layer(0).window())
        .isEqualTo(2047);
    assertThat(
            read(writer.uint32("llama.attention.sliding_window", 2048)).kvShape().layer(0).window())
        .isZero();
  }

  @Test
  void headDimsFollowFromTheHeadsWhereTheFileHasNone() {
    assertThatThrownBy(
            () ->
                read(
                    RandomModel.of("llama", TensorType.Q4_0)
                        .writer()
                        .without("llama.attention.key_length")))
        .hasMessageContaining(
            "tensor blk.0.attn_q.weight has shape [256, 512], expected [256, 256]");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        key(
            w -> w.string("general.architecture", "mamba"),
            "general.architecture is \"mamba\", expected llama, qwen2, qwen3, gemma3"),
        key(
            w -> w.string("general.architecture", "x".repeat(1_000_000)),
            "general.architecture is \"" + "x".repeat(80) + "...\", expected llama"),
        key(w -> w.without("general.architecture"), "general.architecture is missing"),
        key(w -> w.uint32("llama.block_count", 0), "llama.block_count is 0, expected at least 1"),
        key(w -> w.string("llama.block_count", "two"), "llama.block_count is "),
        key(
            w -> w.uint32("llama.block_count", 1_000_000_000),
            "llama.block_count is 1000000000, expected at most the file's 21 tensors"),
        key(
            w -> w.uint64("llama.block_count", 1L << 63),
            "llama.block_count is 9223372036854775808"),
        key(
            w -> w.uint32("llama.block_count", 3),
            "tensor blk.2.attn_norm.weight is missing, expected shape [256]"),
        key(
            w -> w.uint32("llama.block_count", 1),
            "tensor blk.1.attn_norm.weight has no place in a llama model of 1 layers"),
        key(
            w -> w.uint32("llama.embedding_length", 0),
            "llama.embedding_length is 0, expected 1 to"),
        key(
            w -> w.uint32("llama.embedding_length", 128),
            "tensor token_embd.weight has shape [256, 70], expected [128, 70]"),
        key(w -> w.uint32("llama.feed_forward_length", 0), "llama.feed_forward_length is 0"),
        key(
            w -> w.uint32("llama.feed_forward_length", 255),
            "tensor blk.0.ffn_gate.weight has shape [256, 256], expected [256, 255]"),
        key(w -> w.uint32("llama.attention.head_count", 0), "llama.attention.head_count is 0"),
        key(
            w -> w.uint32("llama.attention.head_count", 5),
            "llama.attention.head_count is 5, expected a multiple of"
                + " llama.attention.head_count_kv, which is 2"),
        key(
            w -> w.uint32("llama.attention.head_count", 8),
            "tensor blk.0.attn_q.weight has shape [256, 512], expected [256, 1024]"),
        key(
            w -> w.uint32("llama.attention.head_count_kv", 0),
            "llama.attention.head_count_kv is 0"),
        key(
            w -> w.uint32("llama.attention.head_count_kv", 4),
            "tensor blk.0.attn_k.weight has shape [256, 256], expected [256, 512]"),
        key(
            w -> w.uint32("llama.attention.head_count", 6).without("llama.attention.value_length"),
            "llama.attention.head_count is 6, expected a divisor of llama.embedding_length, which is"
                + " 256, or a llama.attention.value_length"),
        key(
            w -> w.uint32("llama.attention.key_length", 127),
            "the head dim is 127 (llama.attention.key_length), expected an even number"),
        key(
            w -> w.uint32("llama.attention.key_length", 1 << 20),
            "4 heads of 1048576 elements make 4194304 (llama.attention.head_count), expected at most"),
        key(
            w -> w.uint32("llama.attention.value_length", 64),
            "tensor blk.0.attn_v.weight has shape [256, 256], expected [256, 128]"),
        key(
            w -> w.uint32("llama.rope.dimension_count", 64),
            "llama.rope.dimension_count is 64, expected the head dim, which is 128"),
        key(
            w -> w.float32("llama.rope.freq_base", 0),
            "llama.rope.freq_base is 0.0, expected 1.0 to 1.0E12"),
        key(w -> w.float32("llama.rope.freq_base", -1), "llama.rope.freq_base is -1.0, expected"),
        key(
            w -> w.float32("llama.rope.freq_base", Float.NaN),
            "llama.rope.freq_base is NaN, expected a finite number"),
        key(
            w -> w.float32("llama.attention.layer_norm_rms_epsilon", 0),
            "llama.attention.layer_norm_rms_epsilon is 0.0, expected"),
        key(
            w -> w.float32("llama.attention.layer_norm_rms_epsilon", -1e-5f),
            "llama.attention.layer_norm_rms_epsilon is -9.99"),
        key(
            w -> w.without("llama.attention.layer_norm_rms_epsilon"),
            "llama.attention.layer_norm_rms_epsilon is missing"),
        key(
            w -> w.uint32("llama.context_length", 0),
            "llama.context_length is 0, expected 1 to 16777216"),
        key(w -> w.uint32("llama.vocab_size", 71), "llama.vocab_size is 71, expected 70"),
        key(
            w -> w.strings("tokenizer.ggml.tokens", Collections.nCopies(69, "a")),
            "tokenizer.ggml.tokens has 69 entries, expected 70, the rows of token_embd.weight"),
        key(
            w -> w.string("llama.rope.scaling.type", "yarn"),
            "llama.rope.scaling.type is \"yarn\", expected none or linear"),
        key(
            w -> w.float32("llama.rope.scaling.factor", 0),
            "llama.rope.scaling.factor is 0.0, expected 0.001 to 1000000.0"),
        key(w -> w.uint32("llama.expert_count", 8), "llama.expert_count is 8, expected 0"),
        key(
            w -> w.float32("llama.attn_logit_softcapping", 50),
            "llama.attn_logit_softcapping is 50.0, expected 0.0"),
        key(
            w -> w.bool("llama.attention.causal", false),
            "llama.attention.causal is false, expected true"),
        key(
            w -> w.tensor("blk.0.attn_sinks", TensorType.F32, new byte[16], 4),
            "tensor blk.0.attn_sinks has no place in a llama model of 2 layers"),
        arguments(
            RandomModel.of("llama", TensorType.Q4_0)
                .without("output_norm.weight")
                .writer()
                .tensor("output_norm.weight", TensorType.F32, new byte[512], 128),
            "tensor output_norm.weight has shape [128], expected [256]"),
        arguments(
            RandomModel.of("llama", TensorType.Q4_0)
                .without("token_embd.weight")
                .writer()
                .tensor("token_embd.weight", TensorType.F32, new byte[1024], 256),
            "tensor token_embd.weight has shape [256], expected [llama.embedding_length, tokens]"),
        arguments(
            RandomModel.of("llama", TensorType.Q4_0).without("token_embd.weight").writer(),
            "tensor token_embd.weight is missing"),
        arguments(
            RandomModel.of("qwen2", TensorType.Q4_0).without("blk.1.attn_k.bias").writer(),
            "tensor blk.1.attn_k.bias is missing, expected shape [256]"),
        arguments(
            RandomModel.of("qwen3", TensorType.Q4_0).without("blk.0.attn_q_norm.weight").writer(),
            "tensor blk.0.attn_q_norm.weight is missing, expected shape [128]"),
        arguments(
            RandomModel.of("gemma3", TensorType.Q4_0)
                .writer()
                .uint32("gemma3.attention.sliding_window", 0),
            "gemma3.attention.sliding_window is 0, expected at least 1"),
        arguments(
            RandomModel.of("qwen3", TensorType.Q4_0).ropeFactors().writer(),
            "tensor rope_freqs.weight has no place in a qwen3 model of 2 layers"));
  }

  private static Arguments key(UnaryOperator<GgufWriter> wrong, String sentence) {
    return arguments(wrong.apply(RandomModel.of("llama", TensorType.Q4_0).writer()), sentence);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refusals")
  void aWrongFileIsRefusedInOneSentence(GgufWriter writer, String sentence) {
    assertThatThrownBy(() -> read(writer))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(folder.resolve("m.gguf") + ": " + sentence)
        .message()
        .doesNotContain("\n");
  }

  /** Whatever number a key holds, the file is read, or refused by the one type of exception. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "block_count",
        "context_length",
        "embedding_length",
        "feed_forward_length",
        "vocab_size",
        "attention.head_count",
        "attention.head_count_kv",
        "attention.key_length",
        "attention.value_length",
        "attention.layer_norm_rms_epsilon",
        "attention.sliding_window",
        "attention.sliding_window_pattern",
        "rope.dimension_count",
        "rope.freq_base",
        "rope.freq_base_swa",
        "rope.scaling.factor"
      })
  void noNumberBreaksTheReader(String key) {
    GgufWriter writer = RandomModel.of("gemma3", TensorType.Q4_0).writer();
    for (long value : new long[] {0, 1, 3, 1 << 20, 1 << 30, -1, 1L << 32, Long.MIN_VALUE}) {
      readOrRefuse(writer.uint64("gemma3." + key, value));
      readOrRefuse(writer.int64("gemma3." + key, value));
    }
    for (double value : new double[] {0, -1, 1e-320, 1e300, Double.NaN, 1 / 0.0, 1e9}) {
      readOrRefuse(writer.float64("gemma3." + key, value));
    }
  }

  private void readOrRefuse(GgufWriter writer) {
    try {
      assertThat(read(writer).layers()).hasSize(2);
    } catch (ModelFormatException e) {
      assertThat(e).hasMessageStartingWith(folder.resolve("m.gguf") + ": ");
    }
  }

  /** Gemma 3 27B alone does not scale by its head dim. */
  @ParameterizedTest
  @CsvSource({"61, 0.088388346", "62, 0.125"})
  void attentionScale(int layers, float scale) {
    GgufWriter writer = RandomModel.of("gemma3", TensorType.Q4_0).layers(layers).writer();
    assertThat(read(writer).layers().getFirst().attention().scale()).isEqualTo(scale);
  }

  private ModelConfig read(GgufWriter writer) {
    try (GgufFile file = GgufFile.open(writer.write(folder.resolve("m.gguf")))) {
      return ModelConfig.read(file);
    }
  }
}
