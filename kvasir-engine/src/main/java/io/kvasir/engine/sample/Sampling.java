package io.kvasir.engine.sample;

/**
 * How tokens are chosen; {@link Sampler} says in which order the parts apply.
 *
 * @param temperature divides the logits, at least 0; 0: always the most probable token
 * @param topK how many of the most probable tokens stay, at least 0; 0: all
 * @param topP the most probable tokens that together have this probability stay, above 0, at most
 *     1; 1: all
 * @param minP tokens with less than this share of the best one's probability go, 0 to 1; 0: none
 * @param repetitionPenalty above 0; what was said lately becomes less probable above 1, more below;
 *     1: nothing changes
 * @param seed of the one random stream
 */
public record Sampling(
    double temperature, int topK, double topP, double minP, double repetitionPenalty, long seed) {
  /** The most probable token, always. */
  public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 1, 0);

  private static final double HOTTEST = 100;
  private static final double STRONGEST_PENALTY = 100;

  /**
   * @throws IllegalArgumentException names the value that is out of range
   */
  public Sampling {
    check("temperature", temperature, temperature >= 0 && temperature <= HOTTEST, "0 to 100");
    check("top-k", topK, topK >= 0, "0 (all) or more");
    check("top-p", topP, topP > 0 && topP <= 1, "above 0 and at most 1");
    check("min-p", minP, minP >= 0 && minP <= 1, "0 to 1");
    check(
        "repetition-penalty",
        repetitionPenalty,
        repetitionPenalty > 0 && repetitionPenalty <= STRONGEST_PENALTY,
        "above 0 and at most 100");
  }

  public Sampling withTemperature(double value) {
    return new Sampling(value, topK, topP, minP, repetitionPenalty, seed);
  }

  public Sampling withTopK(int value) {
    return new Sampling(temperature, value, topP, minP, repetitionPenalty, seed);
  }

  public Sampling withTopP(double value) {
    return new Sampling(temperature, topK, value, minP, repetitionPenalty, seed);
  }

  public Sampling withMinP(double value) {
    return new Sampling(temperature, topK, topP, value, repetitionPenalty, seed);
  }

  public Sampling withRepetitionPenalty(double value) {
    return new Sampling(temperature, topK, topP, minP, value, seed);
  }

  public Sampling withSeed(long value) {
    return new Sampling(temperature, topK, topP, minP, repetitionPenalty, value);
  }

  private static void check(String name, Number value, boolean valid, String expected) {
    if (!valid) {
      throw new IllegalArgumentException(name + "=" + value + " must be " + expected);
    }
  }
}
