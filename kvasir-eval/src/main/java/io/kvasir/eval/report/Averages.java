package io.kvasir.eval.report;

import io.kvasir.eval.store.SummaryRow;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The mean of one plan's metric over tasks, of one model, with its interval. Contexts of different
 * tasks have nothing in common, so distances to the ends add up in squares.
 *
 * @param tasks that were averaged
 */
record Averages(double value, OptionalDouble lo, OptionalDouble hi, int tasks) {

  /**
   * @param rows one per task
   * @return nothing without rows
   */
  static Optional<Averages> of(List<SummaryRow> rows) {
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    double sum = 0;
    double below = 0;
    double above = 0;
    boolean bounded = true;
    for (SummaryRow row : rows) {
      sum += row.value();
      bounded &= row.lo().isPresent() && row.hi().isPresent();
      if (bounded) {
        double middle = row.diff().orElse(row.value()); // an interval is of the difference
        below += square(middle - row.lo().getAsDouble());
        above += square(row.hi().getAsDouble() - middle);
      }
    }
    double value = sum / rows.size();
    return Optional.of(
        bounded
            ? new Averages(
                value,
                OptionalDouble.of(value - Math.sqrt(below) / rows.size()),
                OptionalDouble.of(value + Math.sqrt(above) / rows.size()),
                rows.size())
            : new Averages(value, OptionalDouble.empty(), OptionalDouble.empty(), rows.size()));
  }

  private static double square(double x) {
    return x * x;
  }
}
