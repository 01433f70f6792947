package io.kvasir.eval.kld;

import io.kvasir.engine.perplexity.Estimate;
import java.util.OptionalDouble;

/**
 * What a {@link Kld} measurement found. Divergences are in nats, probabilities and shares 0 to 1.
 *
 * @param scoredTokens of all chunks together
 * @param kl divergence from the base, over tokens
 * @param change of the probability of the token that came
 * @param changeRms root of its mean square
 * @param sameTop share of tokens where the most probable successor is the base's
 * @param floor what f16 in this engine is away from the base
 */
public record KldResult(
    Setting setting,
    int scoredTokens,
    Perplexities perplexities,
    Spread kl,
    Spread change,
    Estimate changeRms,
    Estimate sameTop,
    Floor floor) {

  /**
   * What was measured.
   *
   * @param base {@code f16}, or the file
   * @param prefill how the first half of each chunk was read
   * @param tokens of a chunk
   */
  public record Setting(
      String model,
      String plan,
      String base,
      String prefill,
      String precision,
      int chunks,
      int tokens) {}

  /**
   * How well the text was foreseen.
   *
   * @param correlation of the two mean log-probabilities; nothing where one of them has no spread
   * @param logRatio ln(plan / base)
   * @param ratio plan / base
   * @param difference plan - base
   */
  public record Perplexities(
      Estimate plan,
      Estimate base,
      OptionalDouble correlation,
      Estimate logRatio,
      Estimate ratio,
      Estimate difference) {}

  /** A number of each token: its mean, and how it is distributed. */
  public record Spread(Estimate mean, Quantiles quantiles) {}

  /** Of f16 in this engine against the base. */
  public record Floor(Estimate kl, Estimate sameTop) {}
}
