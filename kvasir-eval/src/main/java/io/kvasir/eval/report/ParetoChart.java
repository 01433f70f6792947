package io.kvasir.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Dots with intervals, as SVG: cost to the right in powers of two, quality upwards. Filled dots are
 * plans, hollow ones controls; the line joins the plans that no other beats in both. Numbers beside
 * the dots are those of the table below; a pointer over a dot shows its plan.
 */
final class ParetoChart {
  /**
   * A plan in the chart.
   *
   * @param cost above 0
   */
  record Dot(String plan, double cost, Averages quality, boolean isControl) {}

  private static final int WIDTH = 860;
  private static final int HEIGHT = 400;
  private static final int LEFT = 74;
  private static final int RIGHT = 28;
  private static final int TOP = 18;
  private static final int BOTTOM = 50;

  /** Divergence that counts as none. */
  private static final double LEAST = 1e-6;

  private final List<Dot> dots;
  private final String price;
  private final String quality;
  private final boolean cheapIsLess;
  private final boolean isLoss;
  private final double leastCost;
  private final double mostCost;
  private final double low;
  private final double high;
  private final StringBuilder svg = new StringBuilder();

  /**
   * @param dots at least one
   * @param cheapIsLess whether less of the cost is better, as of bytes and not of speed
   * @param isLoss whether quality is a loss: less is better, drawn in powers of ten
   */
  ParetoChart(List<Dot> dots, String price, String quality, boolean cheapIsLess, boolean isLoss) {
    this.dots = dots;
    this.price = price;
    this.quality = quality;
    this.cheapIsLess = cheapIsLess;
    this.isLoss = isLoss;
    leastCost = costs().min().orElseThrow() / 1.2;
    mostCost = costs().max().orElseThrow() * 1.2;
    double least = scaled(ends().min().orElseThrow());
    double most = scaled(ends().max().orElseThrow());
    low = isLoss ? Math.floor(least) : Math.min(0, Math.floor(5 * least) / 5);
    high = isLoss ? Math.max(low + 1, Math.ceil(most)) : Math.max(1, Math.ceil(5 * most) / 5);
  }

  private DoubleStream costs() {
    return dots.stream().mapToDouble(Dot::cost);
  }

  private DoubleStream ends() {
    return dots.stream()
        .map(Dot::quality)
        .flatMapToDouble(
            q -> DoubleStream.of(q.value(), q.lo().orElse(q.value()), q.hi().orElse(q.value())));
  }

  String svg() {
    put(
        "<svg viewBox='0 0 %d %d' role=img aria-label='%s against %s'>",
        WIDTH, HEIGHT, quality, price);
    grid();
    front();
    for (int i = 0; i < dots.size(); i++) {
      dot(i + 1, dots.get(i));
    }
    return svg.append("</svg>").toString();
  }

  private void grid() {
    double step = isLoss ? 1 : 0.2;
    for (int i = 0; low + i * step <= high + 1e-9; i++) {
      double at = low + i * step;
      double y = y(at);
      put("<line class=grid x1=%d y1=%.1f x2=%d y2=%.1f />", LEFT, y, WIDTH - RIGHT, y);
      put(
          "<text class=tick x=%d y=%.1f text-anchor=end>%s</text>",
          LEFT - 10,
          y + 4,
          isLoss ? String.format(Locale.ROOT, "1e%.0f", at) : Figures.decimals(1, at));
    }
    for (double cost : ticks(leastCost, mostCost)) {
      double x = x(cost);
      put("<line class=grid x1=%.1f y1=%d x2=%.1f y2=%d />", x, TOP, x, HEIGHT - BOTTOM);
      put(
          "<text class=tick x=%.1f y=%d text-anchor=middle>%s</text>",
          x, HEIGHT - BOTTOM + 20, cost < 10 ? Figures.significant(cost) : Figures.grouped(cost));
    }
    put(
        "<text class=axis x=%d y=%d text-anchor=middle>%s</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, price);
    put(
        "<text class=axis transform='translate(16 %d) rotate(-90)' text-anchor=middle>%s</text>",
        (TOP + HEIGHT - BOTTOM) / 2, quality);
  }

  /**
   * Powers of two, or, where fewer than three lie between the ends, multiples of 1, 2 or 5 times a
   * power of ten.
   */
  static double[] ticks(double least, double most) {
    double first = Math.pow(2, Math.ceil(Math.log(least) / Math.log(2)));
    double[] powers = DoubleStream.iterate(first, at -> at <= most, at -> 2 * at).toArray();
    if (powers.length >= 3) {
      return powers;
    }
    double ten = Math.pow(10, Math.floor(Math.log10((most - least) / 2)));
    double part = (most - least) / ten;
    double step = ten * (part > 10 ? 5 : part > 5 ? 2 : part > 3 ? 1 : 0.5);
    return DoubleStream.iterate(Math.ceil(least / step), at -> at * step <= most, at -> at + 1)
        .map(at -> at * step)
        .toArray();
  }

  /** The plans that none beats in both, by cost, joined. */
  private void front() {
    StringBuilder points = new StringBuilder();
    front(dots, cheapIsLess, isLoss)
        .forEach(
            dot ->
                points.append(
                    String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        x(dot.cost()),
                        y(scaled(dot.quality().value())))));
    put("<polyline class=front points='%s'/>", points.toString().strip());
  }

  static List<Dot> front(List<Dot> dots, boolean cheapIsLess, boolean isLoss) {
    List<Dot> cheapest = new ArrayList<>(dots);
    cheapest.removeIf(Dot::isControl);
    cheapest.sort(Comparator.comparingDouble(dot -> cheapIsLess ? dot.cost() : -dot.cost()));
    List<Dot> front = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (Dot dot : cheapest) {
      double value = isLoss ? -dot.quality().value() : dot.quality().value();
      if (value > best) {
        front.add(dot);
        best = value;
      }
    }
    return front;
  }

  private void dot(int number, Dot dot) {
    double x = x(dot.cost());
    double y = y(scaled(dot.quality().value()));
    if (dot.quality().lo().isPresent() && dot.quality().hi().isPresent()) {
      put(
          "<line class=range x1=%.1f y1=%.1f x2=%.1f y2=%.1f />",
          x,
          y(scaled(dot.quality().lo().getAsDouble())),
          x,
          y(scaled(dot.quality().hi().getAsDouble())));
    }
    put(
        "<circle class='dot%s' cx=%.1f cy=%.1f r=5><title>%s</title></circle>"
            + "<text class=name x=%.1f y=%.1f>%d</text>",
        dot.isControl() ? " control" : "", x, y, Html.escape(dot.plan()), x + 8, y - 5, number);
  }

  private double scaled(double value) {
    return isLoss ? Math.log10(Math.max(LEAST, value)) : value;
  }

  private double x(double cost) {
    double at = Math.log(cost / leastCost) / Math.log(mostCost / leastCost);
    return LEFT + at * (WIDTH - LEFT - RIGHT);
  }

  private double y(double scaled) {
    return HEIGHT - BOTTOM - (scaled - low) / (high - low) * (HEIGHT - TOP - BOTTOM);
  }

  private void put(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
