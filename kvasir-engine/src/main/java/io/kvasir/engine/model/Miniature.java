package io.kvasir.engine.model;

import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.engine.model.ModelTensors.LayerTensors;
import io.kvasir.engine.model.ModelTensors.LinearTensors;
import io.kvasir.kernel.PackedMatrix;
import io.kvasir.kernel.TensorType;
import io.kvasir.kernel.Workers;
import io.kvasir.kv.LayerShape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The smallest model whose passes take the same ways through the code as those of a given one: its
 * formats, norms, biases, rotation, head dims and query heads per KV head, but one KV head, one
 * layer of each kind, and few elements. Weights are zero.
 */
final class Miniature {
  /** Elements of a hidden state at least, and tokens: two panels of rows on any machine. */
  private static final int WIDTH = 64;

  private static final int CONTEXT = 128;

  private final ModelConfig original;
  private final ModelTensors tensors;
  private final Arena arena;
  private final Workers workers;
  private final int width;

  /**
   * @param tensors of the original
   * @param arena owns the weights
   */
  Miniature(ModelConfig original, ModelTensors tensors, Arena arena, Workers workers) {
    this.original = original;
    this.tensors = tensors;
    this.arena = arena;
    this.workers = workers;
    this.width =
        tensors.matrices().mapToInt(t -> t.type().blockElements()).reduce(WIDTH, Math::max);
  }

  /** The configuration of {@link #weights}. */
  ModelConfig config() {
    return new ModelConfig(
        original.architecture(),
        CONTEXT,
        WIDTH,
        width,
        width,
        original.eps(),
        original.embeddingScale(),
        kinds().stream().map(l -> layer(original.layers().get(l))).toList());
  }

  Weights weights() {
    PackedMatrix embedding = matrix(tensors.embedding(), WIDTH, width);
    PackedMatrix output = tensors.output().map(t -> matrix(t, WIDTH, width)).orElse(embedding);
    List<LayerWeights> layers =
        kinds().stream()
            .map(l -> weights(tensors.layers().get(l), layer(original.layers().get(l))))
            .toList();
    return new Weights(arena, 0, embedding, new float[0], layers, norm(width), output);
  }

  /** The first layer of each kind: layers of a kind have the same shapes and formats. */
  private List<Integer> kinds() {
    List<Integer> kinds = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (int l = 0; l < original.layers().size(); l++) {
      List<TensorType> types = tensors.layers().get(l).matrices().map(TensorInfo::type).toList();
      if (seen.add(List.of(original.layers().get(l), types))) {
        kinds.add(l);
      }
    }
    return kinds;
  }

  private static LayerConfig layer(LayerConfig of) {
    LayerShape shape = of.attention();
    Rope rope = of.rope();
    return new LayerConfig(
        new LayerShape(
            shape.groupSize(), 1, shape.keyDim(), shape.valueDim(), shape.window(), shape.scale()),
        new Rope(rope.pairs(), rope.dim(), rope.base(), rope.scaling(), false));
  }

  private LayerWeights weights(LayerTensors of, LayerConfig layer) {
    int keyDim = layer.attention().keyDim();
    return new LayerWeights(
        norm(width),
        linear(of.query(), layer.queryWidth(), width),
        linear(of.key(), layer.keyWidth(), width),
        linear(of.value(), layer.valueWidth(), width),
        of.queryNorm().map(t -> norm(keyDim)),
        of.keyNorm().map(t -> norm(keyDim)),
        linear(of.output(), width, layer.outputWidth()),
        of.postAttentionNorm().map(t -> norm(width)),
        norm(width),
        linear(of.gate(), width, width),
        linear(of.up(), width, width),
        linear(of.down(), width, width),
        of.postFfnNorm().map(t -> norm(width)));
  }

  private Norm norm(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return new Norm(ones, original.eps());
  }

  private Linear linear(LinearTensors of, int rows, int cols) {
    return new Linear(matrix(of.matrix(), rows, cols), new float[of.bias().isPresent() ? rows : 0]);
  }

  /** Heads of few elements may be no whole block; then f32 stands in. */
  private PackedMatrix matrix(TensorInfo of, int rows, int cols) {
    TensorType type = cols % of.type().blockElements() == 0 ? of.type() : TensorType.F32;
    long bytes = (long) rows * (cols / type.blockElements()) * type.blockBytes();
    try (Arena source = Arena.ofConfined()) {
      return PackedMatrix.pack(type, source.allocate(bytes), rows, cols, arena, workers);
    }
  }
}
