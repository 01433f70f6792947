package io.kvasir.eval.run;

import io.kvasir.eval.stat.Comparison;
import io.kvasir.eval.stat.Holm;
import io.kvasir.eval.stat.Interval;
import io.kvasir.eval.stat.Retained;
import io.kvasir.eval.stat.Testability;
import io.kvasir.eval.store.SummaryRow;
import io.kvasir.kv.KvPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The rows of table summary: every metric of every plan over the contexts of a cell (task, ctx,
 * protocol, prefill) that f16 has results of, too.
 *
 * <p>A context's value is the mean over its questions. Metrics: {@code score}, {@code r} (retained
 * quality), {@code gold_lnp}, {@code gold_argmax}, {@code coded_share}; of continued texts {@code
 * nll}, {@code kl}, {@code top1}, {@code ppl_ratio} and the same of far tokens, {@code nll_far} and
 * so on. Holm's adjustment is over the plans of one cell and metric; f32, the floor, is no plan
 * that is tested, and takes no power from the others.
 *
 * <p>{@code score_detectable}, {@code nll_detectable} and {@code kl_detectable} are no means but
 * the smallest differences to f16 that a plan's contexts would show.
 */
final class Summaries {
  private static final String F16 = Subject.shaOf(KvPlan.FULL.toString());
  private static final String FLOOR = Subject.shaOf(KvPlan.parse("f32").toString());
  private static final String NONE = Subject.shaOf(Subject.NO_CONTEXT);

  /** What plans are chosen by. */
  private static final Set<String> DETECTED = Set.of("score", "nll", "kl");

  private final String runId;
  private final String modelSha;
  private final long seed;

  Summaries(String runId, String modelSha, long seed) {
    this.runId = runId;
    this.modelSha = modelSha;
    this.seed = seed;
  }

  /** What is compared, and what belongs together in one chart. */
  record CellKey(String task, int ctx, String protocol, String prefill) {}

  /** One plan's values in one cell: metric, then context, then the mean over questions. */
  static final class Values {
    private final Map<String, Map<Integer, List<Double>>> byMetric = new TreeMap<>();

    void add(String metric, int context, double value) {
      byMetric
          .computeIfAbsent(metric, m -> new TreeMap<>())
          .computeIfAbsent(context, c -> new ArrayList<>())
          .add(value);
    }

    Set<String> metrics() {
      return byMetric.keySet();
    }

    Map<Integer, List<Double>> of(String metric) {
      return byMetric.getOrDefault(metric, Map.of());
    }

    double[] at(String metric, Set<Integer> contexts) {
      return contexts.stream()
          .mapToDouble(
              context ->
                  of(metric).getOrDefault(context, List.of()).stream()
                      .mapToDouble(x -> x)
                      .average()
                      .orElseThrow())
          .toArray();
    }
  }

  /**
   * The rows of one cell.
   *
   * @param plans by the SHA of their text; f16 among them
   */
  List<SummaryRow> of(CellKey cell, Map<String, Values> plans) {
    Values f16 = plans.get(F16);
    if (f16 == null) {
      return List.of();
    }
    Optional<Values> none = Optional.ofNullable(plans.get(NONE));
    boolean testable = testable(f16, none);
    Set<String> metrics = new TreeSet<>();
    plans.values().forEach(values -> metrics.addAll(values.metrics()));
    List<SummaryRow> rows = new ArrayList<>();
    for (String metric : metrics) {
      rows.addAll(adjusted(rows(cell, metric, plans, f16, testable)));
    }
    plans.forEach(
        (sha, values) -> retained(cell, sha, values, f16, none, testable).ifPresent(rows::add));
    return rows;
  }

  /** Of tasks without answers every difference counts. */
  private boolean testable(Values f16, Optional<Values> none) {
    if (f16.of("score").isEmpty() || none.isEmpty()) {
      return true;
    }
    Set<Integer> common = common(f16.of("score"), none.get().of("score"));
    return Testability.of(f16.at("score", common), none.get().at("score", common), seed).testable();
  }

  private List<SummaryRow> rows(
      CellKey cell, String metric, Map<String, Values> plans, Values f16, boolean testable) {
    List<SummaryRow> rows = new ArrayList<>();
    plans.forEach(
        (sha, values) -> {
          Set<Integer> common = common(values.of(metric), f16.of(metric));
          if (!common.isEmpty()) {
            Comparison compared =
                Comparison.of(values.at(metric, common), f16.at(metric, common), seed);
            boolean same = sha.equals(F16);
            boolean tested = !same && !sha.equals(FLOOR);
            rows.add(
                row(
                    cell,
                    sha,
                    metric,
                    compared.contexts(),
                    compared.value(),
                    OptionalDouble.of(compared.f16()),
                    OptionalDouble.of(compared.difference()),
                    same ? Optional.empty() : compared.interval(),
                    tested ? OptionalDouble.of(compared.p()) : OptionalDouble.empty(),
                    testable));
            if (!same && DETECTED.contains(metric)) {
              detectable(cell, sha, metric, compared, testable).ifPresent(rows::add);
            }
          }
        });
    return rows;
  }

  private Optional<SummaryRow> detectable(
      CellKey cell, String sha, String metric, Comparison compared, boolean testable) {
    return compared.detectable().isEmpty()
        ? Optional.empty()
        : Optional.of(
            row(
                cell,
                sha,
                metric + "_detectable",
                compared.contexts(),
                compared.detectable().getAsDouble(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                testable));
  }

  private Optional<SummaryRow> retained(
      CellKey cell,
      String sha,
      Values values,
      Values f16,
      Optional<Values> none,
      boolean testable) {
    if (none.isEmpty() || sha.equals(NONE)) {
      return Optional.empty();
    }
    Set<Integer> common = common(values.of("score"), f16.of("score"), none.get().of("score"));
    if (common.isEmpty()) {
      return Optional.empty();
    }
    return Retained.of(
            values.at("score", common),
            f16.at("score", common),
            none.get().at("score", common),
            seed)
        .map(
            r ->
                row(
                    cell,
                    sha,
                    "r",
                    common.size(),
                    r.value(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    r.interval(),
                    OptionalDouble.empty(),
                    testable));
  }

  private static List<SummaryRow> adjusted(List<SummaryRow> rows) {
    double[] p =
        rows.stream()
            .filter(row -> row.p().isPresent())
            .mapToDouble(r -> r.p().orElseThrow())
            .toArray();
    double[] holm = Holm.adjust(p);
    List<SummaryRow> adjusted = new ArrayList<>();
    int at = 0;
    for (SummaryRow row : rows) {
      OptionalDouble own = row.p().isPresent() ? OptionalDouble.of(holm[at++]) : row.p();
      adjusted.add(
          new SummaryRow(
              row.runId(),
              row.modelSha(),
              row.planSha(),
              row.task(),
              row.ctx(),
              row.protocol(),
              row.prefill(),
              row.metric(),
              row.nContexts(),
              row.value(),
              row.f16(),
              row.diff(),
              row.lo(),
              row.hi(),
              row.p(),
              own,
              row.testable()));
    }
    return adjusted;
  }

  private SummaryRow row(
      CellKey cell,
      String sha,
      String metric,
      int contexts,
      double value,
      OptionalDouble f16,
      OptionalDouble difference,
      Optional<Interval> interval,
      OptionalDouble p,
      boolean testable) {
    return new SummaryRow(
        runId,
        modelSha,
        sha,
        cell.task(),
        cell.ctx(),
        cell.protocol(),
        cell.prefill(),
        metric,
        contexts,
        value,
        f16,
        difference,
        end(interval, Interval::lo),
        end(interval, Interval::hi),
        p,
        OptionalDouble.empty(),
        testable);
  }

  private static OptionalDouble end(Optional<Interval> interval, Function<Interval, Double> which) {
    return interval.map(which).map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  /** Contexts that all have. */
  @SafeVarargs
  private static Set<Integer> common(Map<Integer, List<Double>>... all) {
    Set<Integer> common = new TreeSet<>(all[0].keySet());
    for (Map<Integer, List<Double>> one : all) {
      common.retainAll(one.keySet());
    }
    return common;
  }
}
