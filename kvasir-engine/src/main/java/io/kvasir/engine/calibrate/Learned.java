package io.kvasir.engine.calibrate;

import io.kvasir.kv.Calibration;
import io.kvasir.kv.KvPlanException;
import java.util.List;
import java.util.Map;

/**
 * What a calibration has learned so far.
 *
 * @param layers the arrays of each layer that is done, by name
 * @param states the hidden states that enter the next layer, [N][hidden]; empty once all are done
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Learned(Identity identity, List<Map<String, float[]>> layers, float[] states)
    implements Calibration {

  /**
   * What was calibrated.
   *
   * @param model its fingerprint
   * @param method as {@link io.kvasir.kv.calibration.Calibrated#calibration} names it
   * @param prompts SHA-256 of the tokens that were read, hexadecimal
   * @param tokens how many they were
   */
  record Identity(String model, String method, String prompts, int tokens) {}

  @Override
  public float[] array(int layer, String name) {
    float[] array = layer < layers.size() ? layers.get(layer).get(name) : null;
    if (array == null) {
      throw new KvPlanException(
          "the calibration of %s has no array %s of layer %d"
              .formatted(identity.method(), name, layer));
    }
    return array;
  }
}
