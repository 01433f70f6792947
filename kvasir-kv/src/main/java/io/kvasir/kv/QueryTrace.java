package io.kvasir.kv;

import io.kvasir.kernel.Workers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is remembered of the queries of one layer, as the plan's methods declared it. */
final class QueryTrace {
  private final KvLayer layer;
  private final Signals signals;
  private @Nullable RecentQueries newest;
  private List<MomentSums> moments;

  /** Of a layer that has seen no query. */
  QueryTrace(KvLayer layer, Signals signals) {
    this.layer = layer;
    this.signals = signals;
    this.moments = signals.momentsFrom().stream().map(from -> new MomentSums(layer, from)).toList();
  }

  /** Adds rows {@code row ..} of a batch, q being [T][H*D]. */
  void add(float[] q, int row, int rows, int position, Workers workers) {
    int votes = signals.recentQueries();
    if (votes > 0) {
      int width = layer.shape().queryHeads() * layer.shape().keyDim();
      RecentQueries ring = newest == null ? new RecentQueries(votes, width) : newest;
      for (int r = Math.max(0, rows - votes); r < rows; r++) {
        ring.add(q, (row + r) * width, position + r);
      }
      newest = ring;
    }
    moments.forEach(sums -> sums.add(q, row, rows, position, workers));
  }

  /** Takes over what another trace of the same layer knows, as far as this one is to know it. */
  void load(QueryTrace source) {
    int votes = signals.recentQueries();
    if (votes > 0 && source.newest != null) {
      newest = source.newest.newest(votes);
    }
    moments = moments.stream().map(sums -> source.from(sums.from()).fork()).toList();
  }

  int recentQueries() {
    return newest == null ? 0 : newest.count();
  }

  /** As {@link LayerView#recentQuery}. */
  int recentQuery(int h, int i, float[] out, int at) {
    if (newest == null) {
      throw new IllegalStateException("the method did not declare recent queries");
    }
    int dim = layer.shape().keyDim();
    return newest.read(i, h * dim, dim, out, at);
  }

  /** As {@link LayerView#queryMoments}. */
  QueryMoments moments(int h, int from) {
    return from(from).moments(h);
  }

  private MomentSums from(int from) {
    return moments.stream()
        .filter(sums -> sums.from() == from)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the method did not declare moments of queries from " + from));
  }

  QueryTrace fork() {
    QueryTrace copy = new QueryTrace(layer, signals);
    copy.newest = newest == null ? null : newest.fork();
    copy.moments = moments.stream().map(MomentSums::fork).toList();
    return copy;
  }

  long bytes() {
    long bytes = newest == null ? 0 : newest.bytes();
    for (MomentSums sums : moments) {
      bytes += sums.bytes();
    }
    return bytes;
  }

  /** What {@link #bytes} of a layer will be. */
  static long bytesFor(Signals signals, LayerShape shape) {
    long recent =
        signals.recentQueries() == 0 ? 0 : RecentQueries.bytesFor(signals.recentQueries(), shape);
    return recent + signals.momentsFrom().size() * MomentSums.bytesFor(shape);
  }
}
