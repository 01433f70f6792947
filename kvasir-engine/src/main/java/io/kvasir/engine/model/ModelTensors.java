package io.kvasir.engine.model;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.kernel.PackedMatrix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The tensors of a file in their places in the model, their shapes checked. A matrix from n to m
 * elements has shape [n, m] in the file, n varying fastest.
 *
 * @param output absent: the embedding serves
 */
record ModelTensors(
    TensorInfo embedding,
    Optional<TensorInfo> ropeFactors,
    List<LayerTensors> layers,
    TensorInfo outputNorm,
    Optional<TensorInfo> output) {
  static final String EMBEDDING = "token_embd.weight";
  static final String ROPE_FACTORS = "rope_freqs.weight";

  /** The tensors of one layer; the optional ones as its architecture has them. */
  record LayerTensors(
      TensorInfo attentionNorm,
      LinearTensors query,
      LinearTensors key,
      LinearTensors value,
      Optional<TensorInfo> queryNorm,
      Optional<TensorInfo> keyNorm,
      LinearTensors output,
      Optional<TensorInfo> postAttentionNorm,
      TensorInfo ffnNorm,
      LinearTensors gate,
      LinearTensors up,
      LinearTensors down,
      Optional<TensorInfo> postFfnNorm) {
    /** The matrices, in the order in which a token meets them. */
    Stream<TensorInfo> matrices() {
      return Stream.of(query, key, value, output, gate, up, down).map(LinearTensors::matrix);
    }
  }

  /** A matrix and the bias that is added to its product. */
  record LinearTensors(TensorInfo matrix, Optional<TensorInfo> bias) {}

  /** All matrices, the embedding first. */
  Stream<TensorInfo> matrices() {
    return Stream.of(
            Stream.of(embedding), layers.stream().flatMap(LayerTensors::matrices), output.stream())
        .flatMap(Function.identity());
  }

  /**
   * Finds them all.
   *
   * @throws ModelFormatException naming the tensor that is missing, too many or of another shape
   */
  static ModelTensors of(GgufFile file, ModelConfig config) {
    return new Finder(file, config).find();
  }

  /** Takes tensors by name, so that those nobody took can be told. */
  private static final class Finder {
    private final GgufFile file;
    private final ModelConfig config;
    private final Architecture architecture;
    private final Set<String> taken = new HashSet<>();

    Finder(GgufFile file, ModelConfig config) {
      this.file = file;
      this.config = config;
      this.architecture = config.architecture();
    }

    ModelTensors find() {
      int hidden = config.hidden();
      TensorInfo embedding = matrix(EMBEDDING, hidden, config.vocabularySize());
      Optional<TensorInfo> factors =
          Optional.of(config.layers().getFirst().rope())
              .filter(Rope::factors)
              .map(rope -> vector(ROPE_FACTORS, rope.dim() / 2));
      List<LayerTensors> layers = new ArrayList<>();
      for (int l = 0; l < config.layers().size(); l++) {
        layers.add(layer("blk." + l + ".", config.layers().get(l)));
      }
      TensorInfo norm = vector("output_norm.weight", hidden);
      Optional<TensorInfo> output =
          file.tensor("output.weight")
              .map(tensor -> matrix(tensor.name(), hidden, config.vocabularySize()));
      for (TensorInfo tensor : file.tensors()) {
        if (!taken.contains(tensor.name())) {
          throw wrong(
              "tensor %s has no place in a %s model of %d layers"
                  .formatted(tensor.name(), architecture.text(), config.layers().size()));
        }
      }
      return new ModelTensors(embedding, factors, layers, norm, output);
    }

    private LayerTensors layer(String blk, LayerConfig layer) {
      int hidden = config.hidden();
      int ffn = config.ffn();
      int keyDim = layer.attention().keyDim();
      return new LayerTensors(
          vector(blk + "attn_norm.weight", hidden),
          biased(blk + "attn_q", hidden, layer.queryWidth()),
          biased(blk + "attn_k", hidden, layer.keyWidth()),
          biased(blk + "attn_v", hidden, layer.valueWidth()),
          vectorIf(architecture.normsHeads(), blk + "attn_q_norm.weight", keyDim),
          vectorIf(architecture.normsHeads(), blk + "attn_k_norm.weight", keyDim),
          plain(blk + "attn_output", layer.outputWidth(), hidden),
          vectorIf(architecture.normsOutputs(), blk + "post_attention_norm.weight", hidden),
          vector(blk + "ffn_norm.weight", hidden),
          plain(blk + "ffn_gate", hidden, ffn),
          plain(blk + "ffn_up", hidden, ffn),
          plain(blk + "ffn_down", ffn, hidden),
          vectorIf(architecture.normsOutputs(), blk + "post_ffw_norm.weight", hidden));
    }

    private LinearTensors plain(String name, long from, long to) {
      return new LinearTensors(matrix(name + ".weight", from, to), Optional.empty());
    }

    private LinearTensors biased(String name, long from, long to) {
      boolean present = file.tensor(name + ".bias").isPresent();
      return new LinearTensors(
          matrix(name + ".weight", from, to),
          vectorIf(present || architecture.needsBiases(), name + ".bias", to));
    }

    private Optional<TensorInfo> vectorIf(boolean there, String name, long elements) {
      return there ? Optional.of(vector(name, elements)) : Optional.empty();
    }

    private TensorInfo vector(String name, long elements) {
      return take(name, List.of(elements));
    }

    private TensorInfo matrix(String name, long from, long to) {
      TensorInfo tensor = take(name, List.of(from, to));
      try {
        PackedMatrix.packedBytes(tensor.type(), (int) to, (int) from);
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(file.path() + ": tensor " + name + ": " + e.getMessage(), e);
      }
      return tensor;
    }

    private TensorInfo take(String name, List<Long> shape) {
      TensorInfo tensor =
          file.tensor(name)
              .orElseThrow(
                  () -> wrong("tensor %s is missing, expected shape %s".formatted(name, shape)));
      if (!tensor.shape().equals(shape)) {
        throw wrong("tensor %s has shape %s, expected %s".formatted(name, tensor.shape(), shape));
      }
      taken.add(name);
      return tensor;
    }

    private ModelFormatException wrong(String sentence) {
      return new ModelFormatException(file.path() + ": " + sentence);
    }
  }
}
