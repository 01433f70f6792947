package io.kvasir.eval.claim;

import io.kvasir.eval.sweep.SweepPlan;
import io.kvasir.eval.task.Task;
import io.kvasir.kv.KvPlan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A claim on its way to a verdict on one model at one length.
 *
 * @param plans by name, with {@code keep} where it was moved to
 * @param tasks that can show something
 * @param remark what has to be known to read the verdict; may be empty
 * @param impossible why there can be none
 */
record Planned(
    Claim claim,
    Map<String, KvPlan> plans,
    List<Task> tasks,
    String remark,
    Optional<String> impossible) {

  Planned {
    plans = Collections.unmodifiableMap(new LinkedHashMap<>(plans)); // in order
    tasks = List.copyOf(tasks);
  }

  static Planned of(Claim claim) {
    Map<String, KvPlan> plans = new LinkedHashMap<>();
    claim.let().forEach((name, named) -> plans.put(name, named.plan()));
    return new Planned(claim, plans, claim.tasks(), "", Optional.empty());
  }

  Planned because(String why) {
    return new Planned(claim, plans, tasks, remark, Optional.of(why));
  }

  Planned with(Map<String, KvPlan> moved, String remark) {
    return new Planned(claim, moved, tasks, remark, impossible);
  }

  Planned on(List<Task> testable, String more) {
    String both = remark.isEmpty() || more.isEmpty() ? remark + more : remark + "; " + more;
    return new Planned(claim, plans, testable, both, impossible);
  }

  /** Whether contexts have to be read for it. */
  boolean needsContexts() {
    return impossible.isEmpty() && !claim.expectation().orElseThrow().isAboutCost();
  }

  KvPlan plan(String name) {
    return name.equals(Claim.F16) ? KvPlan.FULL : Objects.requireNonNull(plans.get(name), name);
  }

  /** A plan, or f16, for a sweep. */
  SweepPlan sweepPlan(String name) {
    KvPlan plan = plan(name);
    return new SweepPlan(
        plan.toString(),
        plan.toString(),
        List.of(),
        plan,
        Optional.of(claim.plan(name).reading().prefill()),
        Optional.empty(),
        "a claim");
  }
}
