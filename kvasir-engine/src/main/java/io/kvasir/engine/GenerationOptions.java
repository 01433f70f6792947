package io.kvasir.engine;

import io.kvasir.engine.sample.Sampling;
import java.util.List;

/**
 * How a model continues, and when it stops. Immutable.
 *
 * @param maxTokens tokens at most, 0 or more
 * @param sampling how each token is chosen
 * @param stop texts that end the generation; none of them, nor a part, is ever given out
 * @param ignoreEos whether end tokens are taken for ordinary ones
 */
public record GenerationOptions(
    int maxTokens, Sampling sampling, List<String> stop, boolean ignoreEos) {
  /** The most probable token each time, 256 at most. */
  public static final GenerationOptions DEFAULT =
      new GenerationOptions(256, Sampling.GREEDY, List.of(), false);

  /**
   * @throws IllegalArgumentException names the value that is out of range
   */
  public GenerationOptions {
    if (maxTokens < 0) {
      throw new IllegalArgumentException("max-tokens=" + maxTokens + " must be 0 or more");
    }
    stop = List.copyOf(stop);
    if (stop.contains("")) {
      throw new IllegalArgumentException("a stop string is empty; expected at least one character");
    }
  }

  public GenerationOptions withMaxTokens(int value) {
    return new GenerationOptions(value, sampling, stop, ignoreEos);
  }

  public GenerationOptions withSampling(Sampling value) {
    return new GenerationOptions(maxTokens, value, stop, ignoreEos);
  }

  public GenerationOptions withTemperature(double value) {
    return withSampling(sampling.withTemperature(value));
  }

  public GenerationOptions withTopK(int value) {
    return withSampling(sampling.withTopK(value));
  }

  public GenerationOptions withTopP(double value) {
    return withSampling(sampling.withTopP(value));
  }

  public GenerationOptions withMinP(double value) {
    return withSampling(sampling.withMinP(value));
  }

  public GenerationOptions withRepetitionPenalty(double value) {
    return withSampling(sampling.withRepetitionPenalty(value));
  }

  public GenerationOptions withSeed(long value) {
    return withSampling(sampling.withSeed(value));
  }

  public GenerationOptions withStop(List<String> value) {
    return new GenerationOptions(maxTokens, sampling, value, ignoreEos);
  }

  public GenerationOptions withIgnoreEos(boolean value) {
    return new GenerationOptions(maxTokens, sampling, stop, value);
  }
}
