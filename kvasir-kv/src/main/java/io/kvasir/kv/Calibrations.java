package io.kvasir.kv;

/**
 * What was learned of a model before any prompt, for the methods that ask for it: statistics of its
 * keys and queries, codebooks, bases, tables of heads.
 */
public interface Calibrations {
  /** Nothing was learned, and nobody asks for the numbers: enough to tell sizes. */
  Calibrations NONE =
      name ->
          (layer, array) -> {
            throw new KvPlanException(name + " has not been calibrated for this model");
          };

  /**
   * Looks one up. A form of keys or values does so when it is made, so that a plan is refused
   * before a token is read; it asks for the arrays later.
   *
   * @param name what was calibrated: a method with the parameters that its calibration depends on,
   *     as plan text
   * @throws KvPlanException there is none, or none that is sound; the sentence gives the command
   *     that makes it
   */
  Calibration find(String name);
}
