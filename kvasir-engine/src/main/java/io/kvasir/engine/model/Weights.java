package io.kvasir.engine.model;

import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.kernel.PackedMatrix;
import io.kvasir.kernel.Workers;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.Stream;

/**
 * The weights of a model: matrices packed off-heap for computing, norms and biases as f32 on the
 * heap. A copy: the file may be closed after loading. Safe to read from several threads; must be
 * closed, and not be used by a pass then.
 */
public final class Weights implements AutoCloseable {
  private final Arena arena;
  private final long bytes;
  private final PackedMatrix embedding;
  private final float[] ropeFactors;
  private final List<LayerWeights> layers;
  private final Norm outputNorm;
  private final PackedMatrix output;

  Weights(
      Arena arena,
      long bytes,
      PackedMatrix embedding,
      float[] ropeFactors,
      List<LayerWeights> layers,
      Norm outputNorm,
      PackedMatrix output) {
    this.arena = arena;
    this.bytes = bytes;
    this.embedding = embedding;
    this.ropeFactors = ropeFactors;
    this.layers = List.copyOf(layers);
    this.outputNorm = outputNorm;
    this.output = output;
  }

  /**
   * Packs the tensors of a file.
   *
   * @throws io.kvasir.engine.ModelFormatException naming the tensor that has a scale or weight that
   *     is not finite, or whose bytes have gone since the file was opened; nothing stays allocated
   */
  public static Weights load(
      GgufFile file, ModelConfig config, Workers workers, LoadListener listener) {
    Arena arena = Arena.ofShared();
    try {
      return new WeightLoader(file, config, arena, workers, listener).load();
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  /** What {@link #bytes()} will be, before anything is allocated. */
  public static long bytes(GgufFile file, ModelConfig config) {
    return WeightLoader.bytes(ModelTensors.of(file, config));
  }

  /** Bytes held: packed matrices, norms and biases. */
  public long bytes() {
    return bytes;
  }

  /** Bytes that decoding a token reads: all, but for the embedding where it is not the output. */
  public long bytesPerStep() {
    return output == embedding ? bytes : bytes - embedding.bytes();
  }

  /** Whether most of the weights that decoding a token reads are codes. */
  public boolean mostlyCodes() {
    long codes = 0;
    Stream<PackedMatrix> all = layers.stream().flatMap(LayerWeights::matrices);
    for (PackedMatrix matrix : Stream.concat(all, Stream.of(output)).toList()) {
      long weights = (long) matrix.rows() * matrix.cols();
      codes += matrix.takesBytes() ? weights : -weights;
    }
    return codes > 0;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  /** [V][hidden]. */
  PackedMatrix embedding() {
    return embedding;
  }

  /** One divisor per pair of a head, or none. */
  float[] ropeFactors() {
    return ropeFactors;
  }

  List<LayerWeights> layers() {
    return layers;
  }

  Norm outputNorm() {
    return outputNorm;
  }

  /** hidden -> V; the embedding itself where the file has no other. */
  PackedMatrix output() {
    return output;
  }
}
