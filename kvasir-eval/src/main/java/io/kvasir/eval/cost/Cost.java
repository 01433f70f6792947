package io.kvasir.eval.cost;

import io.kvasir.eval.store.CostRow;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What a plan costs: medians over rounds. Ratios are medians of the ratios to f16 of the same round
 * and run; nothing where there is no f16.
 *
 * @param ctx tokens it was measured with
 * @param rounds how often
 * @param bytesPerToken of the cache, side state included
 * @param sideBytes of side state, in all
 * @param rssPeak bytes over the loaded model
 */
public record Cost(
    int ctx,
    int rounds,
    double bytesPerToken,
    double sideBytes,
    double rssPeak,
    double ttftMs,
    double compressMs,
    double prefillTps,
    double decodeTps,
    OptionalDouble bytesRatio,
    OptionalDouble ttftRatio,
    OptionalDouble decodeRatio) {

  /**
   * The cost that was measured at the length nearest to one; nothing where the plan never was.
   *
   * @param rows of one model
   * @param ctx the length that would be best
   * @param f16 the digest of plan f16
   */
  public static Optional<Cost> nearest(
      List<CostRow> rows, String planSha, int ctx, Optional<String> f16) {
    return rows.stream()
        .filter(row -> row.planSha().equals(planSha))
        .map(CostRow::ctx)
        .distinct()
        .min(Comparator.comparingDouble(at -> Math.abs(Math.log((double) at / ctx))))
        .map(at -> at(rows.stream().filter(row -> row.ctx() == at).toList(), planSha, at, f16));
  }

  private static Cost at(List<CostRow> rows, String planSha, int ctx, Optional<String> f16) {
    List<CostRow> own = rows.stream().filter(row -> row.planSha().equals(planSha)).toList();
    List<CostRow> full =
        rows.stream().filter(row -> f16.filter(row.planSha()::equals).isPresent()).toList();
    return new Cost(
        ctx,
        own.size(),
        median(own, CostRow::kvBytes) / ctx,
        median(own, CostRow::sideBytes),
        median(own, CostRow::rssPeak),
        median(own, CostRow::ttftMs),
        median(own, CostRow::compressMs),
        median(own, CostRow::prefillTps),
        median(own, CostRow::decodeTps),
        ratio(own, full, CostRow::kvBytes),
        ratio(own, full, CostRow::ttftMs),
        ratio(own, full, CostRow::decodeTps));
  }

  private static OptionalDouble ratio(
      List<CostRow> own, List<CostRow> full, ToDoubleFunction<CostRow> figure) {
    return median(
        own.stream()
            .flatMapToDouble(
                row ->
                    full.stream()
                        .filter(other -> sameRound(row, other))
                        .mapToDouble(
                            other -> figure.applyAsDouble(row) / figure.applyAsDouble(other))));
  }

  /** Whether two plans of one model and ctx were measured side by side. */
  static boolean sameRound(CostRow a, CostRow b) {
    return a.runId().equals(b.runId()) && a.round() == b.round();
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
