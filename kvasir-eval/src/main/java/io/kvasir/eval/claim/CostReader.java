package io.kvasir.eval.claim;

import io.kvasir.eval.Digest;
import io.kvasir.eval.stat.Estimator;
import io.kvasir.eval.store.CostRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.RunRow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes evidence from costs, of the newest run of this build that has measured all plans. */
final class CostReader {
  private final List<CostRow> rows;
  private final List<String> runs;

  /**
   * @param build the commit, shortened
   */
  CostReader(Results results, String modelSha, int ctx, String build) {
    rows =
        results.rows(CostRow.class).stream()
            .filter(row -> row.modelSha().equals(modelSha) && row.ctx() == ctx)
            .toList();
    runs =
        results.rows(RunRow.class).stream()
            .filter(run -> run.build().equals(build))
            .sorted(Comparator.comparing(RunRow::started).reversed())
            .map(RunRow::runId)
            .toList();
  }

  /** Nothing where no run has measured all of its plans. */
  Optional<Evidence> of(Planned planned) {
    return runs.stream().map(run -> of(planned, run)).flatMap(Optional::stream).findFirst();
  }

  private Optional<Evidence> of(Planned planned, String run) {
    Set<Column> columns = planned.claim().expectation().orElseThrow().columns();
    Map<Column, Map<Integer, CostRow>> found = new HashMap<>();
    for (Column column : columns) {
      String sha = Digest.hex(planned.plan(column.plan()).toString());
      found.put(
          column,
          rows.stream()
              .filter(row -> row.runId().equals(run) && row.planSha().equals(sha))
              .collect(Collectors.toMap(CostRow::round, row -> row)));
    }
    Set<Integer> rounds = new TreeSet<>(found.values().iterator().next().keySet());
    found.values().forEach(rowsOf -> rounds.retainAll(rowsOf.keySet()));
    if (rounds.isEmpty()) {
      return Optional.empty();
    }
    Map<Column, Estimator> estimators = new HashMap<>();
    found.forEach(
        (column, byRound) ->
            estimators.put(
                column,
                Estimator.mean(
                    rounds.stream()
                        .map(round -> Objects.requireNonNull(byRound.get(round)))
                        .mapToDouble(row -> value(column.metric(), row))
                        .toArray())));
    return Optional.of(new Evidence(estimators, rounds.size()));
  }

  private static double value(Metric metric, CostRow row) {
    return switch (metric) {
      case BYTES -> row.kvBytes();
      case RSS -> row.rssPeak();
      case TTFT -> row.ttftMs();
      case DECODE -> row.decodeTps();
      case SCORE, R, KL, NLL, TOP1 -> throw new AssertionError(metric + " is no cost");
    };
  }
}
