package io.kvasir.kv.calibration;

import java.util.Map;

/** Learns of one layer. */
public interface LayerCalibrator {
  /**
   * Looks at the rows of a prompt; all prompts come, in order.
   *
   * @param prompt its index
   * @param rows valid during the call
   */
  void read(int prompt, PromptRows rows);

  /** What was learned, by name, after the last prompt. */
  Map<String, float[]> arrays();
}
