package io.kvasir.eval.report;

import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.FateRow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a plan did worse than f16: first by score lost, then by the log-probability that the right
 * answer lost.
 */
final class WorstItems {
  private static final int MOST = 10;

  private final Map<Object, AnswerRow> f16;
  private final Map<String, List<AnswerRow>> byPlan;
  private final Map<Object, FateRow> fates;

  /**
   * A question that two caches answered.
   *
   * @param lost score of f16 less that of the plan
   * @param lostLnp mean ln p of the gold answer, likewise
   * @param fate of that answer in the plan's cache; nothing where it does not stand in the context
   */
  record Worst(
      AnswerRow f16, AnswerRow plan, double lost, double lostLnp, Optional<FateRow> fate) {}

  WorstItems(Findings findings) {
    f16 = new HashMap<>();
    for (AnswerRow answer : findings.answers()) {
      if (findings.f16().filter(answer.planSha()::equals).isPresent()) {
        f16.put(question(answer), answer);
      }
    }
    byPlan = findings.answers().stream().collect(Collectors.groupingBy(AnswerRow::planSha));
    fates =
        findings.fates().stream()
            .collect(
                Collectors.toMap(
                    row ->
                        List.of(
                            question(
                                row.build(),
                                row.modelSha(),
                                row.itemSha(),
                                row.protocol(),
                                row.prefill()),
                            row.planSha()),
                    row -> row));
  }

  private static Object question(AnswerRow row) {
    return question(row.build(), row.modelSha(), row.itemSha(), row.protocol(), row.prefill());
  }

  private static Object question(
      String build, String model, String item, String protocol, String prefill) {
    return List.of(build, model, item, protocol, prefill);
  }

  /** At most ten, the worst first; only such as lost something. */
  List<Worst> of(String planSha) {
    return byPlan.getOrDefault(planSha, List.of()).stream()
        .flatMap(
            answer ->
                Stream.ofNullable(f16.get(question(answer))).map(other -> worst(other, answer)))
        .filter(worst -> worst.lost > 0 || worst.lostLnp > 0)
        .sorted(
            Comparator.comparingDouble(Worst::lost).thenComparingDouble(Worst::lostLnp).reversed())
        .limit(MOST)
        .toList();
  }

  private Worst worst(AnswerRow f16, AnswerRow plan) {
    return new Worst(
        f16,
        plan,
        lost(f16.score(), plan.score()),
        lost(f16.goldLnp(), plan.goldLnp()),
        Optional.ofNullable(fates.get(List.of(question(plan), plan.planSha()))));
  }

  private static double lost(OptionalDouble before, OptionalDouble after) {
    return before.isPresent() && after.isPresent() ? before.getAsDouble() - after.getAsDouble() : 0;
  }
}
