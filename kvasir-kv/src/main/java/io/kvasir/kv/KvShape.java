package io.kvasir.kv;

import java.util.List;
import java.util.stream.IntStream;

/** What the cache must know of a model: its attention layers, in order. */
public record KvShape(List<LayerShape> layers) {
  public KvShape {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("a model has at least one attention layer");
    }
    layers = List.copyOf(layers);
  }

  public LayerShape layer(int layer) {
    return layers.get(layer);
  }

  /** How many layers a plan may cut: all but the sliding-window ones. */
  public int compressibleLayers() {
    return (int) layers.stream().filter(LayerShape::compressible).count();
  }

  /** The layer that is number {@code index} among the compressible ones. */
  int compressibleLayer(int index) {
    return IntStream.range(0, layers.size())
        .filter(l -> layers.get(l).compressible())
        .skip(index)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no compressible layer " + index));
  }

  /** Number of layer {@code layer} among the compressible ones. */
  int compressibleIndex(int layer) {
    return (int) layers.subList(0, layer).stream().filter(LayerShape::compressible).count();
  }
}
