package io.kvasir.eval.report;

import io.kvasir.eval.store.FateRow;
import io.kvasir.eval.store.ItemRow;
import io.kvasir.eval.store.KeptRow;
import io.kvasir.eval.store.ModelRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What a plan left of the contexts: pairs by layer and KV head, and what became of the tokens in
 * which the right answers stand. Means over contexts.
 */
final class HoldingTables {
  private final Findings findings;
  private final Map<String, List<KeptRow>> kept;
  private final Map<String, List<FateRow>> fates;

  HoldingTables(Findings findings) {
    this.findings = findings;
    kept = findings.kept().stream().collect(Collectors.groupingBy(KeptRow::planSha));
    fates = findings.fates().stream().collect(Collectors.groupingBy(FateRow::planSha));
  }

  /** Layers whose figures look alike share a row. */
  String pairs(String planSha) {
    HtmlTable table =
        new HtmlTable(
            "model",
            "#ctx",
            "protocol",
            "prefill",
            "layers",
            "#pairs kept, %",
            "by KV head, %",
            "#of them coded, %");
    Map<Scene, List<KeptRow>> scenes =
        kept.getOrDefault(planSha, List.of()).stream()
            .collect(
                Collectors.groupingBy(
                    row -> scene(row.modelSha(), row.itemSha(), row.protocol(), row.prefill()),
                    TreeMap::new,
                    Collectors.toList()));
    scenes.forEach(
        (scene, rows) -> {
          List<String> layers = layers(scene, rows);
          for (int first = 0, next; first < layers.size(); first = next) {
            next = first + 1;
            while (next < layers.size() && layers.get(next).equals(layers.get(first))) {
              next++;
            }
            String range = first == next - 1 ? "" + first : first + "-" + (next - 1);
            table.add(cells(scene) + "<td>" + range + layers.get(first));
          }
        });
    return table.isEmpty() ? "" : "<p>Pairs kept of each context:</p>\n" + table.html();
  }

  private Scene scene(String modelSha, String itemSha, String protocol, String prefill) {
    int ctx = Optional.ofNullable(findings.items().get(itemSha)).map(ItemRow::ctx).orElse(0);
    return new Scene(modelSha, ctx, protocol, prefill);
  }

  private String cells(Scene scene) {
    return "<td>%s<td class=n>%s<td>%s<td>%s"
        .formatted(
            Html.escape(findings.model(scene.modelSha())),
            Figures.grouped(scene.ctx()),
            scene.protocol(),
            scene.prefill());
  }

  /** Of each layer the last three cells. */
  private List<String> layers(Scene scene, List<KeptRow> rows) {
    int heads = rows.getFirst().pairs().size();
    int all =
        Optional.ofNullable(findings.models().get(scene.modelSha()))
            .map(ModelRow::layers)
            .filter(layers -> heads % layers == 0)
            .orElse(1);
    int each = heads / all;
    List<String> layers = new ArrayList<>();
    for (int layer = 0; layer < all; layer++) {
      List<Double> shares = new ArrayList<>();
      double coded = 0;
      for (int head = layer * each; head < (layer + 1) * each; head++) {
        int at = head;
        shares.add(mean(rows, row -> (double) row.pairs().get(at) / row.seen()));
        coded += mean(rows, row -> (double) row.coded().get(at) / Math.max(1, row.pairs().get(at)));
      }
      double kept = shares.stream().mapToDouble(share -> share).average().orElse(0);
      layers.add(
          "<td class='n heat' style='--v:%s%%'>%s<td>%s<td class=n>%s"
              .formatted(
                  Figures.decimals(0, 100 * kept),
                  Figures.decimals(1, 100 * kept),
                  shares.stream()
                      .map(share -> Figures.decimals(0, 100 * share))
                      .collect(Collectors.joining(" ")),
                  Figures.decimals(0, 100 * coded / each)));
    }
    return layers;
  }

  /** By task: which share of the answers' pairs is kept, coded, dropped. */
  String fates(String planSha) {
    HtmlTable table =
        new HtmlTable(
            "model", "#ctx", "protocol", "prefill", "task", "#n", "#kept", "#coded", "#dropped");
    Map<Scene, Map<String, List<FateRow>>> scenes =
        fates.getOrDefault(planSha, List.of()).stream()
            .collect(
                Collectors.groupingBy(
                    row -> scene(row.modelSha(), row.itemSha(), row.protocol(), row.prefill()),
                    TreeMap::new,
                    Collectors.groupingBy(this::task, TreeMap::new, Collectors.toList())));
    scenes.forEach(
        (scene, tasks) ->
            tasks.forEach(
                (task, rows) ->
                    table.add(
                        cells(scene)
                            + "<td>%s<td class=n>%d<td class=n>%s<td class=n>%s<td class=n>%s"
                                .formatted(
                                    Html.escape(task),
                                    rows.size(),
                                    Figures.percent(mean(rows, FateRow::kept)),
                                    Figures.percent(mean(rows, FateRow::coded)),
                                    Figures.percent(mean(rows, FateRow::dropped))))));
    return table.isEmpty()
        ? ""
        : "<p>What became of the tokens that hold the right answers, of n questions:</p>\n"
            + table.html();
  }

  private String task(FateRow row) {
    return Optional.ofNullable(findings.items().get(row.itemSha())).map(ItemRow::task).orElse("");
  }

  private static <T> double mean(List<T> rows, ToDoubleFunction<T> figure) {
    return rows.stream().mapToDouble(figure).average().orElse(0);
  }
}
