package io.kvasir.eval.report;

import io.kvasir.eval.stat.EqualBytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What plans of different sizes would be worth at one size: between the two measured neighbours of
 * a family, linear in log2(bytes), and nothing beyond the smallest and the largest. Ends of
 * intervals are interpolated likewise, which is never too narrow.
 */
final class EqualBytesTable {
  /**
   * A plan that was measured.
   *
   * @param text canonical
   * @param bytes per token, above 0
   */
  record Measured(String sha, String text, double bytes, Averages quality) {}

  private final List<Measured> plans;
  private final double f16Bytes;

  /**
   * @param plans of one chart
   * @param f16Bytes per token
   */
  EqualBytesTable(List<Measured> plans, double f16Bytes) {
    this.plans = List.copyOf(plans);
    this.f16Bytes = f16Bytes;
  }

  /**
   * A row for each family that has a value at one of the sizes.
   *
   * @param quality what is shown, for people
   * @return nothing without such families
   */
  String html(String quality) {
    List<String> heads = new ArrayList<>(List.of(quality + " at equal bytes"));
    EqualBytes.SHARES.forEach(share -> heads.add("#%s of f16".formatted(Figures.percent(share))));
    HtmlTable table = new HtmlTable(heads.toArray(String[]::new));
    Map<String, String> texts = new LinkedHashMap<>();
    plans.forEach(plan -> texts.put(plan.sha(), plan.text()));
    Families.of(texts)
        .forEach(
            (name, members) -> {
              List<Optional<Averages>> values = values(members);
              if (values.stream().anyMatch(Optional::isPresent)) {
                List<String> cells =
                    new ArrayList<>(List.of("<code>%s</code>".formatted(Html.escape(name))));
                values.forEach(value -> cells.add(value.map(EqualBytesTable::cell).orElse("")));
                table.row(cells.toArray(String[]::new));
              }
            });
    return table.isEmpty() ? "" : table.html();
  }

  private static String cell(Averages at) {
    return Figures.significant(at.value()) + " " + Figures.interval(at.lo(), at.hi());
  }

  /** A family's quality at each size; nothing where two of its plans have the same bytes. */
  List<Optional<Averages>> values(List<String> members) {
    List<Measured> family = plans.stream().filter(p -> members.contains(p.sha())).toList();
    double[] bytes = family.stream().mapToDouble(Measured::bytes).toArray();
    boolean sizes = family.stream().map(Measured::bytes).distinct().count() == bytes.length;
    return EqualBytes.SHARES.stream()
        .map(
            share ->
                sizes
                    ? EqualBytes.at(bytes, share * f16Bytes).map(at -> between(family, at))
                    : Optional.<Averages>empty())
        .toList();
  }

  private static Averages between(List<Measured> family, EqualBytes at) {
    Averages below = family.get(at.below()).quality();
    Averages above = family.get(at.above()).quality();
    return new Averages(
        at.between(below.value(), above.value()),
        between(at, below.lo(), above.lo()),
        between(at, below.hi(), above.hi()),
        Math.min(below.tasks(), above.tasks()));
  }

  private static OptionalDouble between(EqualBytes at, OptionalDouble below, OptionalDouble above) {
    return below.isPresent() && above.isPresent()
        ? OptionalDouble.of(at.between(below.getAsDouble(), above.getAsDouble()))
        : OptionalDouble.empty();
  }
}
