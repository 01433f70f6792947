package io.kvasir.engine.model;

import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.kv.KvShape;
import java.util.List;

/**
 * What a model file says about its model, checked.
 *
 * @param contextLength tokens a sequence may have
 * @param vocabularySize V, tokens and rows of the embedding
 * @param hidden elements of a hidden state
 * @param ffn inner elements of the feed-forward layers
 * @param eps added to the mean square by every norm
 * @param embeddingScale factor of the embeddings, 1 in most models
 */
public record ModelConfig(
    Architecture architecture,
    int contextLength,
    int vocabularySize,
    int hidden,
    int ffn,
    float eps,
    float embeddingScale,
    List<LayerConfig> layers) {
  public ModelConfig {
    layers = List.copyOf(layers);
  }

  /**
   * Reads the configuration, and checks that every tensor it calls for is there in its shape, and
   * no other. Reads no weights.
   *
   * @throws io.kvasir.engine.ModelFormatException in one sentence that names the key, tensor or
   *     value, where the file contradicts itself or describes a model that Kvasir does not run
   */
  public static ModelConfig read(GgufFile file) {
    ModelConfig config = new ConfigReader(file).read();
    ModelTensors.of(file, config);
    return config;
  }

  /** The attention layers, for caches. */
  public KvShape kvShape() {
    return new KvShape(layers.stream().map(LayerConfig::attention).toList());
  }

  /** The first layer's attention: heads and head dims are the same in all layers. */
  public int heads() {
    return layers.getFirst().attention().queryHeads();
  }

  public int kvHeads() {
    return layers.getFirst().attention().kvHeads();
  }

  public int keyDim() {
    return layers.getFirst().attention().keyDim();
  }

  public int valueDim() {
    return layers.getFirst().attention().valueDim();
  }
}
