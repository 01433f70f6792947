package io.kvasir.kv;

import io.kvasir.kernel.Rotary;
import java.util.List;

/**
 * What a cache must know of a model.
 *
 * @param shape its attention layers
 * @param rotaries how each of them rotates its keys; empty where nothing is rotated
 * @param calibrations what was learned of the model before any prompt
 */
public record KvModel(KvShape shape, List<Rotary> rotaries, Calibrations calibrations) {
  public KvModel {
    if (!rotaries.isEmpty() && rotaries.size() != shape.layers().size()) {
      throw new IllegalArgumentException(
          "%d rotations for %d layers; expected one a layer, or none"
              .formatted(rotaries.size(), shape.layers().size()));
    }
    rotaries = List.copyOf(rotaries);
  }

  /** A model of which only the shape is known: enough for plans that ask for no more. */
  public static KvModel of(KvShape shape) {
    return new KvModel(shape, List.of(), Calibrations.NONE);
  }

  /** Layer {@code index}. */
  public KvLayer layer(int index) {
    return new KvLayer(this, index);
  }
}
