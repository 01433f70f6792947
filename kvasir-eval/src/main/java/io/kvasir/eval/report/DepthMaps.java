package io.kvasir.eval.report;

import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.ItemRow;
import io.kvasir.eval.store.SummaryRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Scores by how deep in the context the evidence stands, one table per model, protocol and prefill,
 * in which lengths stand side by side. Means over the tasks that are testable at a length; where
 * none is, over all, hatched.
 */
final class DepthMaps {
  private static final int DEPTHS = 5;

  private final Findings findings;
  private final Set<Task> testable = new HashSet<>();
  private final SortedSet<Place> places = new TreeSet<>();

  /** By title, then plan. */
  private final Map<String, Map<String, Map<Place, Mean>>> groups = new TreeMap<>();

  /** What is testable or not. */
  private record Task(Scene scene, String name) {}

  DepthMaps(Findings findings) {
    this.findings = findings;
    for (SummaryRow row : findings.summaries()) {
      if (row.metric().equals("score") && row.testable()) {
        testable.add(new Task(Scene.of(row), row.task()));
      }
    }
    findings.answers().forEach(this::add);
  }

  private void add(AnswerRow answer) {
    ItemRow item = findings.items().get(answer.itemSha());
    if (item == null || item.depth().isEmpty() || answer.score().isEmpty()) {
      return;
    }
    int depth = Math.min(DEPTHS - 1, (int) (item.depth().getAsDouble() * DEPTHS));
    Place place = new Place(item.ctx(), depth);
    places.add(place);
    Scene scene = new Scene(answer.modelSha(), item.ctx(), answer.protocol(), answer.prefill());
    groups
        .computeIfAbsent(title(answer), title -> new TreeMap<>())
        .computeIfAbsent(answer.planSha(), plan -> new TreeMap<>())
        .computeIfAbsent(place, at -> new Mean())
        .add(answer.score().getAsDouble(), testable.contains(new Task(scene, item.task())));
  }

  private String title(AnswerRow answer) {
    return "%s, %s, prefill %s"
        .formatted(findings.model(answer.modelSha()), answer.protocol(), answer.prefill());
  }

  String html() {
    StringBuilder out = new StringBuilder();
    groups.forEach(
        (title, plans) ->
            out.append(
                    "<h3>Score by length and depth of the evidence: %s</h3>\n"
                        .formatted(Html.escape(title)))
                .append(table(plans)));
    return out.toString();
  }

  private String table(Map<String, Map<Place, Mean>> plans) {
    List<String> heads = new ArrayList<>(List.of("plan"));
    places.forEach(place -> heads.add("#" + place));
    HtmlTable table = new HtmlTable(heads.toArray(String[]::new));
    for (String plan : findings.plans().keySet()) {
      Map<Place, Mean> scores = plans.getOrDefault(plan, Map.of());
      List<String> cells = new ArrayList<>(List.of(HeatSection.name(findings, plan)));
      for (Place place : places) {
        cells.add(Optional.ofNullable(scores.get(place)).map(Mean::cell).orElse(""));
      }
      if (!scores.isEmpty()) {
        table.row(cells.toArray(String[]::new));
      }
    }
    return table.html();
  }

  /**
   * A column.
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

  /** Of testable scores, and beside them of all. */
  private static final class Mean {
    private double sum;
    private int count;
    private double all;
    private int allCount;

    void add(double score, boolean counts) {
      all += score;
      allCount++;
      if (counts) {
        sum += score;
        count++;
      }
    }

    String cell() {
      double mean = count > 0 ? sum / count : all / allCount;
      return HeatSection.cell(mean, Figures.decimals(2, mean), count > 0);
    }
  }
}
