package io.kvasir.eval.store;

import java.util.List;

/**
 * What a plan left of a context: pairs stored once it was read, before anything was asked.
 *
 * @param build the commit, shortened
 * @param itemSha of the questions that one cache answers the first
 * @param protocol {@code blind}, {@code aware} or {@code turns}
 * @param prefill {@code exact}, {@code chunked:n} or {@code coded}
 * @param seen tokens read
 * @param pairs stored by each KV head, layer after layer
 * @param coded of those, pairs in codes other than f16 and f32; likewise
 */
public record KeptRow(
    @Key String build,
    @Key String modelSha,
    @Key String planSha,
    @Key String itemSha,
    @Key String protocol,
    @Key String prefill,
    int seen,
    List<Integer> pairs,
    List<Integer> coded)
    implements Row {

  public KeptRow {
    pairs = List.copyOf(pairs);
    coded = List.copyOf(coded);
  }

  Cell.Key cell() {
    return new Cell.Key(build, modelSha, planSha, protocol, prefill);
  }
}
