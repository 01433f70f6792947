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
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes evidence from costs. A round counts when some run of this build has measured all plans of a
 * claim in it, side by side; where several have, the newest.
 */
final class CostReader {
  private final List<Map<String, CostRow>> rounds; // oldest first; by the digest of a plan

  /**
   * @param build the commit, shortened
   */
  CostReader(Results results, String modelSha, int ctx, String build) {
    List<CostRow> rows =
        results.rows(CostRow.class).stream()
            .filter(row -> row.modelSha().equals(modelSha) && row.ctx() == ctx)
            .toList();
    rounds =
        results.rows(RunRow.class).stream()
            .filter(run -> run.build().equals(build))
            .sorted(Comparator.comparing(RunRow::started))
            .flatMap(run -> rounds(rows, run.runId()))
            .toList();
  }

  private static Stream<Map<String, CostRow>> rounds(List<CostRow> rows, String run) {
    return rows.stream()
        .filter(row -> row.runId().equals(run))
        .collect(
            Collectors.groupingBy(CostRow::round, Collectors.toMap(CostRow::planSha, row -> row)))
        .values()
        .stream();
  }

  /** Nothing where there is no round with all of its plans. */
  Optional<Evidence> of(Planned planned) {
    Set<Column> columns = planned.claim().expectation().orElseThrow().columns();
    Set<String> plans =
        columns.stream().map(column -> sha(planned, column)).collect(Collectors.toSet());
    Map<Integer, Map<String, CostRow>> newest = new TreeMap<>();
    for (Map<String, CostRow> round : rounds) {
      if (round.keySet().containsAll(plans)) {
        newest.put(round.values().iterator().next().round(), round);
      }
    }
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    Map<Column, Estimator> estimators = new HashMap<>();
    for (Column column : columns) {
      double[] values =
          newest.values().stream()
              .map(round -> Objects.requireNonNull(round.get(sha(planned, column))))
              .mapToDouble(row -> value(column.metric(), row))
              .toArray();
      estimators.put(column, Estimator.mean(values));
    }
    return Optional.of(new Evidence(estimators, newest.size()));
  }

  private static String sha(Planned planned, Column column) {
    return Digest.hex(planned.plan(column.plan()).toString());
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
