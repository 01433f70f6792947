package io.kvasir.eval.report;

import static java.util.function.Function.identity;

import io.kvasir.eval.cost.Cost;
import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.ClaimRow;
import io.kvasir.eval.store.CostRow;
import io.kvasir.eval.store.DivergenceRow;
import io.kvasir.eval.store.EnvRow;
import io.kvasir.eval.store.FateRow;
import io.kvasir.eval.store.ItemRow;
import io.kvasir.eval.store.KeptRow;
import io.kvasir.eval.store.ModelRow;
import io.kvasir.eval.store.PartRow;
import io.kvasir.eval.store.PlanRow;
import io.kvasir.eval.store.Row;
import io.kvasir.eval.store.RunRow;
import io.kvasir.eval.store.SummaryRow;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All rows of a {@code results.duckdb}. Of summaries and claims that several runs made of the same
 * thing, only those of the run that started last.
 *
 * @param runs in the order they started
 * @param models by digest; plans and items likewise
 * @param plans f16 first and the question alone second, then plans and at last controls, by name
 * @param summaries in the order of the plans
 */
record Findings(
    List<RunRow> runs,
    List<EnvRow> environments,
    Map<String, ModelRow> models,
    Map<String, PlanRow> plans,
    Map<String, ItemRow> items,
    List<AnswerRow> answers,
    List<DivergenceRow> divergences,
    List<KeptRow> kept,
    List<FateRow> fates,
    List<CostRow> costs,
    List<PartRow> parts,
    List<SummaryRow> summaries,
    List<ClaimRow> claims) {

  private static final Comparator<PlanRow> BY_NAME =
      Comparator.<PlanRow>comparingInt(
              plan ->
                  plan.text().equals("f16")
                      ? 0
                      : plan.text().equals("no-context") ? 1 : isControlText(plan.text()) ? 3 : 2)
          .thenComparing(plan -> plan.label().isEmpty() ? plan.text() : plan.label())
          .thenComparing(PlanRow::planSha);

  /** Where rows come from: {@link io.kvasir.eval.store.Results#rows}. */
  @FunctionalInterface
  interface Source {
    <R extends Row> List<R> rows(Class<R> type);
  }

  static Findings of(Source results) {
    List<RunRow> runs =
        results.rows(RunRow.class).stream().sorted(Comparator.comparing(RunRow::started)).toList();
    List<String> order = runs.stream().map(RunRow::runId).toList();
    Map<String, PlanRow> plans =
        byDigest(results.rows(PlanRow.class).stream().sorted(BY_NAME).toList(), PlanRow::planSha);
    List<String> shown = List.copyOf(plans.keySet());
    return new Findings(
        runs,
        results.rows(EnvRow.class),
        byDigest(results.rows(ModelRow.class), ModelRow::modelSha),
        plans,
        byDigest(results.rows(ItemRow.class), ItemRow::itemSha),
        results.rows(AnswerRow.class),
        results.rows(DivergenceRow.class),
        results.rows(KeptRow.class),
        results.rows(FateRow.class),
        results.rows(CostRow.class),
        newest(
            results.rows(PartRow.class),
            order,
            PartRow::runId,
            part -> List.of(part.modelSha(), part.planSha(), part.ctx(), part.part())),
        newest(
                results.rows(SummaryRow.class),
                order,
                SummaryRow::runId,
                s -> List.of(Scene.of(s), s.planSha(), s.task(), s.metric()))
            .stream()
            .sorted(Comparator.comparingInt(row -> shown.indexOf(row.planSha())))
            .toList(),
        newest(
            results.rows(ClaimRow.class),
            order,
            ClaimRow::runId,
            c -> List.of(c.claimId(), c.modelSha(), c.ctx())));
  }

  private static <T> Map<String, T> byDigest(List<T> rows, Function<T, String> digest) {
    return rows.stream()
        .collect(
            Collectors.toMap(digest, identity(), (first, second) -> first, LinkedHashMap::new));
  }

  private static <T> List<T> newest(
      List<T> rows, List<String> order, Function<T, String> run, Function<T, Object> key) {
    Map<Object, T> newest = new LinkedHashMap<>();
    rows.stream()
        .sorted(Comparator.comparing(row -> order.indexOf(run.apply(row))))
        .forEach(row -> newest.put(key.apply(row), row));
    return List.copyOf(newest.values());
  }

  /** The charts there can be. */
  SortedSet<Scene> scenes() {
    return summaries.stream().map(Scene::of).collect(Collectors.toCollection(TreeSet::new));
  }

  List<SummaryRow> summaries(Scene scene, String metric) {
    return summaries.stream()
        .filter(row -> Scene.of(row).equals(scene) && row.metric().equals(metric))
        .toList();
  }

  /**
   * Digests of plans by task that no scored token of a scene has noticed: nothing was compressed.
   */
  Map<String, Set<String>> untouched(Scene scene) {
    return summaries(scene, "coded_share").stream()
        .filter(row -> row.value() == 0)
        .collect(
            Collectors.groupingBy(
                SummaryRow::task, Collectors.mapping(SummaryRow::planSha, Collectors.toSet())));
  }

  /** A model's name; its digest where no row names it. */
  String model(String sha) {
    return Optional.ofNullable(models.get(sha)).map(ModelRow::name).orElse(sha);
  }

  /** A plan as its user calls it: by its label, else by its text. */
  String plan(String sha) {
    return Optional.ofNullable(plans.get(sha))
        .map(plan -> plan.label().isEmpty() ? plan.text() : plan.label())
        .orElse(sha);
  }

  String text(String sha) {
    return Optional.ofNullable(plans.get(sha)).map(PlanRow::text).orElse(sha);
  }

  /** Plans that are there to compare with, not to be chosen. */
  boolean isControl(String sha) {
    return isControlText(text(sha));
  }

  private static boolean isControlText(String text) {
    return text.equals("f16")
        || text.equals("no-context")
        || text.equals("f32")
        || text.startsWith("random(")
        || text.startsWith("streaming-llm(");
  }

  /** In words, for the title of a chart. */
  String title(Scene scene) {
    return "%s, %,d tokens, %s, prefill %s"
        .formatted(model(scene.modelSha()), scene.ctx(), scene.protocol(), scene.prefill());
  }

  /** What a plan costs at the length nearest to this; nothing where no cost was measured. */
  Optional<Cost> cost(String modelSha, String planSha, int ctx) {
    return Cost.nearest(
        costs.stream().filter(row -> row.modelSha().equals(modelSha)).toList(),
        planSha,
        ctx,
        f16(plans.values()));
  }

  private static Optional<String> f16(Collection<PlanRow> plans) {
    return plans.stream()
        .filter(plan -> plan.text().equals("f16"))
        .map(PlanRow::planSha)
        .findFirst();
  }

  /** The digest of plan f16, if it is among the plans. */
  Optional<String> f16() {
    return f16(plans.values());
  }
}
