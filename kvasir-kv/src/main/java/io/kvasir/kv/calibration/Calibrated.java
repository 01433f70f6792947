package io.kvasir.kv.calibration;

/**
 * A method that must learn something of a model before any prompt; its record implements this
 * beside the interface of its role.
 *
 * <p>The engine has the model read what {@link Calibrator#prompts} asks for, layer by layer, and
 * files the arrays of each layer under the model and {@link #calibration}. At work the method finds
 * them with {@code KvModel.calibrations().find(calibration())}.
 */
public interface Calibrated {
  /**
   * The method with those of its parameters that what it learns depends on, as plan text: plans
   * that differ in others share one calibration.
   */
  String calibration();

  /** How much text is read where the user does not say. */
  Reading reading();

  /**
   * Begins a calibration. The same text gives the same prompts and the same arrays, bit for bit.
   */
  Calibrator calibrator(CalibrationText text);

  /**
   * An amount of text.
   *
   * @param tokens at most so many in all
   * @param length tokens of a prompt; less where the text or the model's context is shorter
   */
  record Reading(int tokens, int length) {}
}
