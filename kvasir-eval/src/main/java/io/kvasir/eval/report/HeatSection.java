package io.kvasir.eval.report;

import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.ItemRow;
import io.kvasir.eval.store.SummaryRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Two heat maps: plans by tasks, and plans by how deep in the context the evidence stands. */
final class HeatSection {
  private static final int DEPTHS = 5;

  private final Findings findings;

  HeatSection(Findings findings) {
    this.findings = findings;
  }

  String html() {
    StringBuilder out = new StringBuilder();
    findings.scenes().forEach(scene -> out.append(tasks(scene)));
    return out.append(depths()).toString();
  }

  private String tasks(Scene scene) {
    List<SummaryRow> rows = findings.summaries(scene, "r");
    Set<String> tasks = new TreeSet<>();
    Set<String> plans = new LinkedHashSet<>();
    for (SummaryRow row : rows) {
      tasks.add(row.task());
      plans.add(row.planSha());
    }
    if (rows.isEmpty()) {
      return "";
    }
    List<String> heads = new ArrayList<>(List.of("plan"));
    tasks.forEach(task -> heads.add("#" + task));
    HtmlTable table = new HtmlTable(heads.toArray(String[]::new));
    for (String plan : plans) {
      List<String> cells = new ArrayList<>(List.of(name(plan)));
      for (String task : tasks) {
        cells.add(
            rows.stream()
                .filter(row -> row.planSha().equals(plan) && row.task().equals(task))
                .findFirst()
                .map(row -> cell(row.value(), row.testable()))
                .orElse(""));
      }
      table.row(cells.toArray(String[]::new));
    }
    return "<h3>R by task: %s</h3>\n%s".formatted(Html.escape(findings.title(scene)), table.html());
  }

  /** One table per model, protocol and prefill, in which lengths stand side by side. */
  private String depths() {
    Map<String, Map<String, Map<Place, Mean>>> groups = new TreeMap<>();
    SortedSet<Place> places = new TreeSet<>();
    for (AnswerRow answer : findings.answers()) {
      ItemRow item = findings.items().get(answer.itemSha());
      if (item != null && item.depth().isPresent() && answer.score().isPresent()) {
        int depth = Math.min(DEPTHS - 1, (int) (item.depth().getAsDouble() * DEPTHS));
        Place place = new Place(item.ctx(), depth);
        places.add(place);
        groups
            .computeIfAbsent(title(answer), key -> new TreeMap<>())
            .computeIfAbsent(answer.planSha(), key -> new TreeMap<>())
            .computeIfAbsent(place, key -> new Mean())
            .add(answer.score().getAsDouble());
      }
    }
    StringBuilder out = new StringBuilder();
    groups.forEach(
        (title, plans) ->
            out.append(
                    "<h3>Score by depth of the evidence: %s</h3>\n".formatted(Html.escape(title)))
                .append(depths(plans, places)));
    return out.toString();
  }

  private String title(AnswerRow answer) {
    return "%s, %s, prefill %s"
        .formatted(findings.model(answer.modelSha()), answer.protocol(), answer.prefill());
  }

  private String depths(Map<String, Map<Place, Mean>> plans, SortedSet<Place> places) {
    List<String> heads = new ArrayList<>(List.of("plan"));
    places.forEach(place -> heads.add("#" + place));
    HtmlTable table = new HtmlTable(heads.toArray(String[]::new));
    plans.forEach(
        (plan, scores) -> {
          List<String> cells = new ArrayList<>(List.of(name(plan)));
          for (Place place : places) {
            cells.add(
                Optional.ofNullable(scores.get(place))
                    .map(mean -> cell(mean.value(), true))
                    .orElse(""));
          }
          table.row(cells.toArray(String[]::new));
        });
    return table.html();
  }

  private String name(String plan) {
    return "<code>%s</code>".formatted(Html.escape(findings.plan(plan)));
  }

  /** Colour follows the value, which stands there too; hatched is not testable. */
  private static String cell(double value, boolean testable) {
    return testable
        ? "<td class='n heat' style='--v:%s'>%s"
            .formatted(
                Figures.decimals(0, 100 * Math.clamp(value, 0, 1)) + "%",
                Figures.decimals(2, value))
        : "<td class='n hatch' title='f16 cannot be told from no context here'>"
            + Figures.decimals(2, value);
  }

  /**
   * A column of the second map.
   *
   * @param depth which part of the context, counted from 0
   */
  private record Place(int ctx, int depth) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return ctx == other.ctx
          ? Integer.compare(depth, other.depth)
          : Integer.compare(ctx, other.ctx);
    }

    @Override
    public String toString() {
      return "%,d: %d-%d %%".formatted(ctx, 100 / DEPTHS * depth, 100 / DEPTHS * (depth + 1));
    }
  }

  private static final class Mean {
    private double sum;
    private int count;

    void add(double value) {
      sum += value;
      count++;
    }

    double value() {
      return sum / count;
    }
  }
}
