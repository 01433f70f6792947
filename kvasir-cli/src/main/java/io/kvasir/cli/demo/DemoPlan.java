package io.kvasir.cli.demo;

import io.kvasir.kv.KvPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * A plan in the comparison.
 *
 * @param name as the user wrote it: shorter than the plan's own text
 */
public record DemoPlan(String name, KvPlan plan) {
  /** What is compared unless the user names plans: every kind of method, and a composition. */
  private static final List<String> USUAL =
      List.of(
          "q8",
          "k:q8 | v:q4",
          "q4",
          "kivi(bits=4)",
          "kivi(bits=2)",
          "knorm(keep=75%)",
          "snapkv(keep=50%)",
          "h2o(keep=50%)",
          "streaming-llm(keep=50%)",
          "streaming-llm(keep=50%) | q8");

  /**
   * The full cache, which the others are compared with, and then the plans named, each once.
   *
   * @param names plans; when there are none, the usual ones
   * @throws io.kvasir.kv.KvPlanException one of them is no plan
   */
  public static List<DemoPlan> comparison(List<String> names) {
    List<DemoPlan> plans = new ArrayList<>();
    plans.add(new DemoPlan("f16 (full)", KvPlan.FULL));
    for (String name : names.isEmpty() ? USUAL : names) {
      KvPlan plan = KvPlan.parse(name);
      if (plans.stream().noneMatch(other -> other.plan().equals(plan))) {
        plans.add(new DemoPlan(name, plan));
      }
    }
    return plans;
  }
}
