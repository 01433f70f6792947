package io.kvasir.engine.model;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.engine.model.ModelTensors.LayerTensors;
import io.kvasir.engine.model.ModelTensors.LinearTensors;
import io.kvasir.kernel.DequantRef;
import io.kvasir.kernel.PackedMatrix;
import io.kvasir.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Packs the tensors of one file, one after the other, each by all workers. */
final class WeightLoader {
  private static final float[] NONE = {};

  private final GgufFile file;
  private final ModelConfig config;
  private final ModelTensors tensors;
  private final Arena arena;
  private final Workers workers;
  private final LoadListener listener;
  private final long totalBytes;
  private long doneBytes;
  private long heldBytes;

  WeightLoader(
      GgufFile file, ModelConfig config, Arena arena, Workers workers, LoadListener listener) {
    this.file = file;
    this.config = config;
    this.tensors = ModelTensors.of(file, config);
    this.arena = arena;
    this.workers = workers;
    this.listener = listener;
    this.totalBytes = file.tensors().stream().mapToLong(TensorInfo::bytes).sum();
  }

  Weights load() {
    PackedMatrix embedding = matrix(tensors.embedding());
    float[] factors = ropeFactors();
    List<LayerWeights> layers = new ArrayList<>();
    for (LayerTensors layer : tensors.layers()) {
      layers.add(layer(layer));
    }
    Norm outputNorm = norm(tensors.outputNorm());
    PackedMatrix output = tensors.output().map(this::matrix).orElse(embedding);
    return new Weights(arena, heldBytes, embedding, factors, layers, outputNorm, output);
  }

  /** What a load will hold: packed matrices, and vectors as f32. */
  static long bytes(ModelTensors tensors) {
    long bytes = packed(tensors.embedding()) + vector(tensors.outputNorm());
    bytes += vector(tensors.ropeFactors());
    bytes += tensors.output().map(WeightLoader::packed).orElse(0L);
    for (LayerTensors t : tensors.layers()) {
      bytes += vector(t.attentionNorm()) + vector(t.ffnNorm());
      bytes += vector(t.queryNorm()) + vector(t.keyNorm());
      bytes += vector(t.postAttentionNorm()) + vector(t.postFfnNorm());
      for (LinearTensors linear :
          List.of(t.query(), t.key(), t.value(), t.output(), t.gate(), t.up(), t.down())) {
        bytes += packed(linear.matrix()) + vector(linear.bias());
      }
    }
    return bytes;
  }

  private static long packed(TensorInfo tensor) {
    return PackedMatrix.packedBytes(tensor.type(), rows(tensor), cols(tensor));
  }

  private static long vector(TensorInfo tensor) {
    return Float.BYTES * tensor.elements();
  }

  private static long vector(Optional<TensorInfo> tensor) {
    return tensor.map(WeightLoader::vector).orElse(0L);
  }

  private LayerWeights layer(LayerTensors t) {
    return new LayerWeights(
        norm(t.attentionNorm()),
        linear(t.query()),
        linear(t.key()),
        linear(t.value()),
        t.queryNorm().map(this::norm),
        t.keyNorm().map(this::norm),
        linear(t.output()),
        t.postAttentionNorm().map(this::norm),
        norm(t.ffnNorm()),
        linear(t.gate()),
        linear(t.up()),
        linear(t.down()),
        t.postFfnNorm().map(this::norm));
  }

  private Linear linear(LinearTensors tensors) {
    return new Linear(matrix(tensors.matrix()), tensors.bias().map(this::floats).orElse(NONE));
  }

  private Norm norm(TensorInfo tensor) {
    return new Norm(floats(tensor), config.eps());
  }

  private PackedMatrix matrix(TensorInfo tensor) {
    PackedMatrix matrix =
        reading(
            tensor,
            bytes ->
                PackedMatrix.pack(
                    tensor.type(), bytes, rows(tensor), cols(tensor), arena, workers));
    heldBytes += matrix.bytes();
    return matrix;
  }

  private float[] ropeFactors() {
    float[] factors = tensors.ropeFactors().map(this::floats).orElse(NONE);
    for (int i = 0; i < factors.length; i++) {
      if (factors[i] <= 0) {
        throw wrong(
            tensors.ropeFactors().orElseThrow(),
            "element %d is %s, expected a positive factor".formatted(i, factors[i]));
      }
    }
    return factors;
  }

  private float[] floats(TensorInfo tensor) {
    float[] values =
        reading(
            tensor,
            bytes -> {
              float[] decoded = new float[Math.toIntExact(tensor.elements())];
              DequantRef.row(tensor.type(), bytes, 0, decoded.length, decoded);
              return decoded;
            });
    heldBytes += (long) Float.BYTES * values.length;
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw wrong(tensor, "element %d is %s, expected a finite number".formatted(i, values[i]));
      }
    }
    return values;
  }

  private <T> T reading(TensorInfo tensor, Function<MemorySegment, T> reader) {
    T result;
    try {
      result = file.read(tensor, reader);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(place(tensor) + e.getMessage(), e);
    }
    doneBytes += tensor.bytes();
    listener.progressed(doneBytes, totalBytes);
    return result;
  }

  private ModelFormatException wrong(TensorInfo tensor, String what) {
    return new ModelFormatException(place(tensor) + what);
  }

  private String place(TensorInfo tensor) {
    return file.path() + ": tensor " + tensor.name() + ": ";
  }

  private static int rows(TensorInfo tensor) {
    return Math.toIntExact(tensor.shape().get(1));
  }

  private static int cols(TensorInfo tensor) {
    return Math.toIntExact(tensor.shape().get(0));
  }
}
