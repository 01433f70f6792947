package io.kvasir.eval.store;

/**
 * What became of the tokens of the context in which the right answer stands: shares over those
 * tokens and all KV heads of the layers that a plan may cut. They add up to 1.
 *
 * @param build the commit, shortened
 * @param protocol {@code blind}, {@code aware} or {@code turns}
 * @param prefill {@code exact}, {@code chunked:n} or {@code coded}
 * @param tokens that hold the answer, at least 1
 * @param kept share of pairs stored as f16 or f32
 * @param coded share of pairs stored in other codes
 * @param dropped share of pairs that are gone
 */
public record FateRow(
    @Key String build,
    @Key String modelSha,
    @Key String planSha,
    @Key String itemSha,
    @Key String protocol,
    @Key String prefill,
    int tokens,
    double kept,
    double coded,
    double dropped)
    implements Row {

  Cell.Key cell() {
    return new Cell.Key(build, modelSha, planSha, protocol, prefill);
  }
}
