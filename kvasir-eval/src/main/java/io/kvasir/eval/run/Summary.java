package io.kvasir.eval.run;

import io.kvasir.eval.run.Summaries.CellKey;
import io.kvasir.eval.run.Summaries.Values;
import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.Cell;
import io.kvasir.eval.store.DivergenceRow;
import io.kvasir.eval.store.ItemRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.SummaryRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Sums up what a file of results holds of some items, whichever start of a sweep brought it there.
 */
final class Summary {
  private final Cell.Key key;
  private final Map<String, ItemRow> items = new HashMap<>();
  private final Map<CellKey, Map<String, Values>> cells = new LinkedHashMap<>();

  private Summary(Cell.Key key) {
    this.key = key;
  }

  /**
   * The rows of one model.
   *
   * @param key of any of its cells: build, model and protocol count
   * @param shas of the items
   * @param runId under which they are to be stored
   * @param seed of the resamples
   */
  static List<SummaryRow> of(
      Results results, Cell.Key key, Set<String> shas, String runId, long seed) {
    Summaries summaries = new Summaries(runId, key.modelSha(), seed);
    List<SummaryRow> rows = new ArrayList<>();
    cells(results, key, shas).forEach((cell, plans) -> rows.addAll(summaries.of(cell, plans)));
    return rows;
  }

  /**
   * The values of one model.
   *
   * @param key of any of its cells: build, model and protocol count
   * @param shas of the items
   * @return of each cell, by the SHA of a plan's text
   */
  static Map<CellKey, Map<String, Values>> cells(Results results, Cell.Key key, Set<String> shas) {
    Summary summary = new Summary(key);
    for (ItemRow item : results.rows(ItemRow.class)) {
      if (shas.contains(item.itemSha())) {
        summary.items.put(item.itemSha(), item);
      }
    }
    results.rows(AnswerRow.class).forEach(summary::add);
    results.rows(DivergenceRow.class).forEach(summary::add);
    return summary.cells;
  }

  private boolean counts(String build, String modelSha, String itemSha, String protocol) {
    return build.equals(key.build())
        && modelSha.equals(key.modelSha())
        && protocol.equals(key.protocol())
        && items.containsKey(itemSha);
  }

  private void add(AnswerRow row) {
    if (row.error().isPresent()
        || !counts(row.build(), row.modelSha(), row.itemSha(), row.protocol())) {
      return;
    }
    ItemRow item = Objects.requireNonNull(items.get(row.itemSha()));
    int context = item.contextNo();
    Values values = values(item, row.prefill(), row.planSha());
    row.score().ifPresent(score -> values.add("score", context, score));
    row.goldLnp().ifPresent(lnp -> values.add("gold_lnp", context, lnp));
    row.goldArgmax().ifPresent(right -> values.add("gold_argmax", context, right ? 1 : 0));
    row.codedShare().ifPresent(share -> values.add("coded_share", context, share));
  }

  private void add(DivergenceRow row) {
    if (!counts(row.build(), row.modelSha(), row.itemSha(), row.protocol())) {
      return;
    }
    ItemRow item = Objects.requireNonNull(items.get(row.itemSha()));
    int context = item.contextNo();
    String far = row.far() ? "_far" : "";
    Values values = values(item, row.prefill(), row.planSha());
    values.add("nll" + far, context, row.nll());
    values.add("kl" + far, context, row.klMean());
    values.add("top1" + far, context, row.top1());
    values.add("ppl_ratio" + far, context, Math.exp(row.nll() - row.nllF16()));
  }

  private Values values(ItemRow item, String prefill, String plan) {
    return cells
        .computeIfAbsent(
            new CellKey(item.task(), item.ctx(), key.protocol(), prefill),
            cell -> new LinkedHashMap<>())
        .computeIfAbsent(plan, sha -> new Values());
  }
}
