package io.kvasir.eval.report;

import io.kvasir.eval.store.CostRow;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What a plan costs: medians over rounds.
 *
 * @param ctx tokens of the prompt it was measured with
 * @param bytesPerToken of the cache, side state included
 * @param sideBytes of side state, in all
 * @param rssPeak bytes over the loaded model
 * @param decodeRatio speed of decoding over f16's of the same round; nothing without f16
 */
record Cost(
    int ctx,
    double bytesPerToken,
    double sideBytes,
    double rssPeak,
    double ttftMs,
    double compressMs,
    double prefillTps,
    double decodeTps,
    OptionalDouble decodeRatio) {

  /**
   * @param rows of one model
   * @param ctx the length that would be best
   */
  static Optional<Cost> nearest(List<CostRow> rows, String planSha, int ctx, Optional<String> f16) {
    return rows.stream()
        .filter(row -> row.planSha().equals(planSha))
        .map(CostRow::ctx)
        .distinct()
        .min(Comparator.comparingDouble(at -> Math.abs(Math.log((double) at / ctx))))
        .map(at -> at(rows.stream().filter(row -> row.ctx() == at).toList(), planSha, at, f16));
  }

  private static Cost at(List<CostRow> rows, String planSha, int ctx, Optional<String> f16) {
    List<CostRow> own = rows.stream().filter(row -> row.planSha().equals(planSha)).toList();
    return new Cost(
        ctx,
        median(own, CostRow::kvBytes) / ctx,
        median(own, CostRow::sideBytes),
        median(own, CostRow::rssPeak),
        median(own, CostRow::ttftMs),
        median(own, CostRow::compressMs),
        median(own, CostRow::prefillTps),
        median(own, CostRow::decodeTps),
        median(
            own.stream()
                .flatMapToDouble(
                    row ->
                        rows.stream()
                            .filter(
                                other ->
                                    f16.filter(other.planSha()::equals).isPresent()
                                        && other.runId().equals(row.runId())
                                        && other.round() == row.round())
                            .mapToDouble(other -> row.decodeTps() / other.decodeTps()))));
  }

  private static double median(List<CostRow> rows, ToDoubleFunction<CostRow> figure) {
    return median(rows.stream().mapToDouble(figure)).orElseThrow();
  }

  private static OptionalDouble median(DoubleStream figures) {
    double[] sorted = figures.sorted().toArray();
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }
}
