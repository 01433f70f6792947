package io.kvasir.cli.demo;

import io.kvasir.eval.report.Html;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Memory against loss, as SVG: to the right the bytes per token, upwards the mean divergence from
 * the full cache, both logarithmic; a dot per plan. By hand, because XChart's pictures know neither
 * the page's light and dark colours nor its fonts.
 */
final class TradeOffChart {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 380;
  private static final int LEFT = 70;
  private static final int RIGHT = 90;
  private static final int TOP = 22;
  private static final int BOTTOM = 46;
  private static final int RADIUS = 7;
  private static final double LETTER = 6.6; // pixels, of the labels' font and a little more
  private static final int LINE = 16;

  /**
   * Where a label may go, best first: lines up or down, to the right and to the left of its dot.
   */
  private static final int[] SHIFTS = {0, -1, 1, -2, 2, -3, 3, -4, 4};

  /** Divergence that counts as none: floats of two orders of summation differ by as much. */
  private static final double LEAST_KL = 1e-4;

  private final List<PlanResult> plans;
  private final double leastBytes;
  private final double mostBytes;
  private final double mostKl;
  private final StringBuilder svg = new StringBuilder();
  private final List<Rectangle2D> taken = new ArrayList<>();

  private TradeOffChart(List<PlanResult> plans) {
    this.plans = plans;
    leastBytes = bytes(plans).min().orElseThrow() / 1.3;
    mostBytes = bytes(plans).max().orElseThrow() * 1.15;
    double most = plans.stream().mapToDouble(PlanResult::meanKl).max().orElseThrow();
    mostKl = Math.pow(10, Math.ceil(Math.log10(Math.max(10 * LEAST_KL, most))));
  }

  static String svg(List<PlanResult> plans) {
    return new TradeOffChart(plans).draw();
  }

  private String draw() {
    put(
        "<svg viewBox='0 0 %d %d' role='img' aria-label='Memory against divergence'>",
        WIDTH, HEIGHT);
    grid();
    for (PlanResult plan : plans) {
      double x = x(plan);
      double y = y(plan.meanKl());
      taken.add(new Rectangle2D.Double(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS));
      put(
          "<circle class='%s' cx='%.1f' cy='%.1f' r='%d'/>",
          plan.found() >= plans.getFirst().found() ? "dot all" : "dot", x, y, RADIUS);
    }
    plans.forEach(this::label);
    return svg.append("</svg>\n").toString();
  }

  private void grid() {
    int right = WIDTH - RIGHT;
    int floor = HEIGHT - BOTTOM;
    for (double kl = LEAST_KL; kl <= mostKl * 1.01; kl *= 10) {
      put("<line class='grid' x1='%d' y1='%.1f' x2='%d' y2='%.1f'/>", LEFT, y(kl), right, y(kl));
      put(
          "<text class='tick' x='%d' y='%.1f' text-anchor='end'>%s</text>",
          LEFT - 12, y(kl) + 4, (kl < 2 * LEAST_KL ? "≤ " : "") + decimal(kl));
    }
    for (double share = 1; share * plans.getFirst().bytesPerToken() >= leastBytes; share /= 2) {
      double x = x(share * plans.getFirst().bytesPerToken());
      put("<line class='grid' x1='%.1f' y1='%d' x2='%.1f' y2='%d'/>", x, TOP, x, floor);
      put(
          "<text class='tick' x='%.1f' y='%d' text-anchor='middle'>%s&#8201;%%</text>",
          x, floor + 22, decimal(100 * share));
    }
    put(
        "<text class='axis' x='%d' y='%d' text-anchor='middle'>%s</text>",
        (LEFT + right) / 2, HEIGHT - 4, "KV bytes per token, of the full cache's");
    put(
        "<text class='axis' transform='translate(14 %d) rotate(-90)' text-anchor='middle'>%s</text>",
        (TOP + floor) / 2, "mean KL, nats");
  }

  /** Puts a plan's name where it hides nothing; with no such place, to the right of its dot. */
  private void label(PlanResult plan) {
    double width = plan.name().length() * LETTER;
    double right = x(plan) + RADIUS + 4;
    double left = x(plan) - RADIUS - 4 - width;
    double top = y(plan.meanKl()) - LINE / 2.0;
    Rectangle2D place = new Rectangle2D.Double(right, top, width, LINE);
    search:
    for (int shift : SHIFTS) {
      for (double x : new double[] {right, left}) {
        Rectangle2D free = new Rectangle2D.Double(x, top + shift * LINE, width, LINE);
        if (isInside(free) && taken.stream().noneMatch(free::intersects)) {
          place = free;
          break search;
        }
      }
    }
    taken.add(place);
    put(
        "<text class='name' x='%.1f' y='%.1f'%s>%s</text>",
        place.getX() < x(plan) ? place.getMaxX() : place.getX(),
        place.getY() + LINE - 4,
        place.getX() < x(plan) ? " text-anchor='end'" : "",
        Html.escape(plan.name()));
  }

  private static boolean isInside(Rectangle2D place) {
    return new Rectangle2D.Double(LEFT, 0, WIDTH - LEFT, HEIGHT - BOTTOM + 8).contains(place);
  }

  private double x(PlanResult plan) {
    return x(plan.bytesPerToken());
  }

  private double x(double bytes) {
    double at = Math.log(bytes / leastBytes) / Math.log(mostBytes / leastBytes);
    return LEFT + at * (WIDTH - LEFT - RIGHT);
  }

  private double y(double kl) {
    double at = Math.log(Math.max(LEAST_KL, kl) / LEAST_KL) / Math.log(mostKl / LEAST_KL);
    return HEIGHT - BOTTOM - at * (HEIGHT - TOP - BOTTOM);
  }

  private static DoubleStream bytes(List<PlanResult> plans) {
    return plans.stream().mapToDouble(PlanResult::bytesPerToken);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
  }

  private void put(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
