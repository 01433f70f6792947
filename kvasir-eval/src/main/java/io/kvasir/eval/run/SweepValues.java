package io.kvasir.eval.run;

import io.kvasir.engine.Model;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.eval.run.Summaries.CellKey;
import io.kvasir.eval.run.Summaries.Values;
import io.kvasir.eval.store.Cell;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Task;
import io.kvasir.kv.PrefillMode;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a file of results holds of a sweep on one model, context by context. */
public final class SweepValues {
  /** The text of the plan that stands for the question alone. */
  public static final String NO_CONTEXT = Subject.NO_CONTEXT;

  private final String protocol;
  private final Map<CellKey, Map<String, Values>> cells;

  private SweepValues(String protocol, Map<CellKey, Map<String, Values>> cells) {
    this.protocol = protocol;
    this.cells = cells;
  }

  /**
   * Looks up what {@link SweepRun} has stored of this sweep's contexts, in whichever run.
   *
   * @param build the commit, shortened
   */
  public static SweepValues of(Sweep sweep, Model model, String build, Results results) {
    PromptForm form = PromptForm.of(model.tokenizer(), ChatFormat.of(model));
    Contexts contexts = new Contexts(sweep, form);
    Set<String> shas = new HashSet<>();
    for (Task task : sweep.tasks()) {
      for (int ctx : sweep.ctxs()) {
        for (int number = 0; number < sweep.contexts(); number++) {
          Optional<Item> item = contexts.itemIfAny(task, ctx, number);
          item.map(of -> Reading.of(form, of)).ifPresent(reading -> shas.addAll(reading.shas()));
        }
      }
    }
    String protocol = sweep.protocol().toString();
    Cell.Key any = new Cell.Key(build, model.fingerprint(), "", protocol, "");
    return new SweepValues(protocol, Summary.cells(results, any, shas));
  }

  /**
   * One value per context, by its number: the mean over its questions.
   *
   * @param plan canonical text, or {@link #NO_CONTEXT}
   * @param metric {@code score}, {@code gold_lnp}, {@code nll}, {@code kl}, {@code top1} and so on
   * @return empty where nothing was measured
   */
  public SortedMap<Integer, Double> of(
      Task task, int ctx, String plan, PrefillMode prefill, String metric) {
    SortedMap<Integer, Double> means = new TreeMap<>();
    CellKey cell = new CellKey(task.name(), ctx, protocol, prefill.toString());
    Values values = cells.getOrDefault(cell, Map.of()).get(Subject.shaOf(plan));
    if (values != null) {
      Set<Integer> numbers = values.of(metric).keySet();
      double[] found = values.at(metric, numbers);
      int at = 0;
      for (int number : numbers) {
        means.put(number, found[at++]);
      }
    }
    return means;
  }
}
