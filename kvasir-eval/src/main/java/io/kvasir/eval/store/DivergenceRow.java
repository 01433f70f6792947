package io.kvasir.eval.store;

/**
 * How far a plan's distributions are from f16's, over some tokens of one item.
 *
 * @param build the commit, shortened
 * @param protocol {@code blind}, {@code aware} or {@code turns}
 * @param prefill {@code exact}, {@code chunked:n} or {@code coded}
 * @param bucket which stretch of tokens, counted from 0
 * @param far whether only tokens that need the far context are counted
 * @param n tokens
 * @param nll mean, nats per token
 * @param nllF16 f16's on the same tokens
 * @param klMean KL(f16 to plan), nats per token, f64 over the whole vocabulary
 * @param klP99 its 99th percentile
 * @param klMax its maximum
 * @param top1 share of tokens with the same most likely token
 */
public record DivergenceRow(
    @Key String build,
    @Key String modelSha,
    @Key String planSha,
    @Key String itemSha,
    @Key String protocol,
    @Key String prefill,
    @Key int bucket,
    @Key boolean far,
    int n,
    double nll,
    double nllF16,
    double klMean,
    double klP99,
    double klMax,
    double top1)
    implements Row {

  Cell.Key cell() {
    return new Cell.Key(build, modelSha, planSha, protocol, prefill);
  }
}
