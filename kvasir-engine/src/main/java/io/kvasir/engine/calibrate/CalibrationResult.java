package io.kvasir.engine.calibrate;

/**
 * A calibration that is done.
 *
 * @param method as plan text
 * @param model its name
 * @param prompts texts that the model read
 * @param tokens that they had together
 * @param resumed layers that an earlier, interrupted run had done
 * @param bytes of the file
 * @param file its path
 */
public record CalibrationResult(
    String method, String model, int prompts, int tokens, int resumed, long bytes, String file) {}
