package io.kvasir.eval.claim;

import io.kvasir.eval.run.SweepValues;
import io.kvasir.eval.stat.Estimator;
import io.kvasir.eval.stat.Testability;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Task;
import io.kvasir.kv.KvPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Takes evidence from what sweeps have stored at one length.
 *
 * <p>A claim about several tasks is about the mean over them: contexts of the same number are taken
 * together, one of each task, so that every task counts alike and a context stays the unit.
 */
final class EvidenceReader {
  private final Map<Protocol, SweepValues> values;
  private final int ctx;
  private final long seed;

  EvidenceReader(Map<Protocol, SweepValues> values, int ctx, long seed) {
    this.values = Map.copyOf(values);
    this.ctx = ctx;
    this.seed = seed;
  }

  /** Whether f16 gains enough from a lookup's context to show a loss. */
  Testability testability(Task task, Reading reading) {
    Series f16 = new Series(KvPlan.FULL.toString(), reading, "score");
    Series none = new Series(SweepValues.NO_CONTEXT, reading, "score");
    Map<Series, double[]> found = aligned(List.of(task), Set.of(f16, none));
    return Testability.of(
        Objects.requireNonNull(found.get(f16)), Objects.requireNonNull(found.get(none)), seed);
  }

  Evidence of(Planned planned) {
    Set<Column> columns = planned.claim().expectation().orElseThrow().columns();
    boolean lookups = planned.tasks().stream().noneMatch(Task::continues);
    List<Needed> needed =
        columns.stream().map(column -> Needed.of(column, planned, lookups)).toList();
    Set<Series> series = new HashSet<>();
    needed.forEach(one -> series.addAll(one.series()));
    Map<Series, double[]> found = aligned(planned.tasks(), series);
    Map<Column, Estimator> estimators = new HashMap<>();
    needed.forEach(one -> estimators.put(one.column, one.estimator(found)));
    return new Evidence(estimators, found.values().iterator().next().length);
  }

  /** Whether any answer of a claim's plans came from pairs that were coded or dropped. */
  boolean isCompressed(Planned planned) {
    return planned.plans().keySet().stream()
        .map(name -> series(planned, name, "coded_share"))
        .flatMap(series -> planned.tasks().stream().map(task -> read(task, series)))
        .anyMatch(shares -> shares.values().stream().anyMatch(share -> share > 0));
  }

  private static Series series(Planned planned, String name, String metric) {
    return new Series(planned.plan(name).toString(), planned.claim().plan(name).reading(), metric);
  }

  /**
   * A metric of a plan, context by context.
   *
   * @param metric as a sweep calls it
   */
  private record Series(String plan, Reading reading, String metric) {}

  /** What a column is computed from: its own series; of retained quality three. */
  private record Needed(Column column, List<Series> series, double sign) {
    static Needed of(Column column, Planned planned, boolean lookups) {
      if (column.metric() == Metric.R) {
        Reading reading = planned.claim().plan(column.plan()).reading();
        return new Needed(
            column,
            List.of(
                EvidenceReader.series(planned, column.plan(), "score"),
                new Series(KvPlan.FULL.toString(), reading, "score"),
                new Series(SweepValues.NO_CONTEXT, reading, "score")),
            1);
      }
      boolean answer = column.metric() == Metric.NLL && lookups;
      return new Needed(
          column,
          List.of(
              EvidenceReader.series(
                  planned, column.plan(), answer ? "gold_lnp" : column.metric().toString())),
          answer ? -1 : 1);
    }

    Estimator estimator(Map<Series, double[]> found) {
      List<Estimator> means =
          series.stream()
              .map(one -> Estimator.mean(Objects.requireNonNull(found.get(one))))
              .toList();
      if (means.size() == 1) {
        return contexts -> sign * means.getFirst().of(contexts);
      }
      return contexts -> {
        double none = means.get(2).of(contexts);
        return (means.get(0).of(contexts) - none) / (means.get(1).of(contexts) - none);
      };
    }
  }

  /** The mean over tasks of each series, at the numbers that all of them have of all tasks. */
  private Map<Series, double[]> aligned(List<Task> tasks, Set<Series> series) {
    Map<Series, List<SortedMap<Integer, Double>>> found = new HashMap<>();
    for (Series one : series) {
      List<SortedMap<Integer, Double>> byTask = new ArrayList<>();
      tasks.forEach(task -> byTask.add(read(task, one)));
      found.put(one, byTask);
    }
    Set<Integer> numbers = new TreeSet<>(found.values().iterator().next().getFirst().keySet());
    found.values().forEach(maps -> maps.forEach(map -> numbers.retainAll(map.keySet())));
    Map<Series, double[]> aligned = new HashMap<>();
    found.forEach(
        (one, maps) ->
            aligned.put(one, numbers.stream().mapToDouble(number -> mean(maps, number)).toArray()));
    return aligned;
  }

  private SortedMap<Integer, Double> read(Task task, Series series) {
    return Objects.requireNonNull(values.get(series.reading().protocol()))
        .of(task, ctx, series.plan(), series.reading().prefill(), series.metric());
  }

  private static double mean(List<SortedMap<Integer, Double>> maps, int number) {
    return maps.stream()
        .mapToDouble(map -> Objects.requireNonNull(map.get(number)))
        .average()
        .orElseThrow();
  }
}
