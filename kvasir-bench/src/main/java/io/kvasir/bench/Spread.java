package io.kvasir.bench;

import java.util.List;
import java.util.Locale;

/**
 * Median and range of what several rounds measured.
 *
 * @param least of the rounds
 * @param most of the rounds
 */
record Spread(double median, double least, double most) {
  /**
   * @param values at least one
   */
  static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast());
  }

  /** {@code 2.05 (1.98 to 2.11)}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median, least, most);
  }
}
