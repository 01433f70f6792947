package io.kvasir.kv;

/** What one method learned of one model: arrays of numbers for each layer. Immutable. */
public interface Calibration {
  /**
   * An array of a layer, not to be changed.
   *
   * @param name what the method called it
   * @throws KvPlanException there is no such array
   */
  float[] array(int layer, String name);
}
