package io.kvasir.kv;

import io.kvasir.kernel.Rotary;

/**
 * An attention layer of a model.
 *
 * @param index its number in the model
 */
public record KvLayer(KvModel model, int index) {
  public LayerShape shape() {
    return model.shape().layer(index);
  }

  /**
   * How the layer rotates queries and keys.
   *
   * @throws KvPlanException nothing is rotated here
   */
  public Rotary rotary() {
    if (model.rotaries().isEmpty()) {
      throw new KvPlanException(
          "layer " + index + " does not rotate its keys; the method needs keys before rotation");
    }
    return model.rotaries().get(index);
  }
}
