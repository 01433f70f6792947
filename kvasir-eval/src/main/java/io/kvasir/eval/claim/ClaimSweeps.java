package io.kvasir.eval.claim;

import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.eval.run.Sweep;
import io.kvasir.eval.sweep.SweepPlan;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sweeps that claims need at one length: every plan on every task once. */
final class ClaimSweeps {
  /** By protocol and task, then by plan and prefill. */
  private final Map<Protocol, Map<Task, Map<String, SweepPlan>>> plans =
      new EnumMap<>(Protocol.class);

  private ClaimSweeps() {}

  /** f16 alone, on all lookups: which of them can show a loss? */
  static List<Sweep> screening(List<Planned> claims, ClaimSetting setting, int ctx) {
    ClaimSweeps sweeps = new ClaimSweeps();
    for (Planned planned : claims) {
      if (planned.needsContexts()) {
        planned.tasks().stream()
            .filter(task -> !task.continues())
            .forEach(task -> sweeps.add(planned, Claim.F16, task));
      }
    }
    return sweeps.sweeps(setting, ctx);
  }

  /** All plans, and f16. */
  static List<Sweep> weighing(List<Planned> claims, ClaimSetting setting, int ctx) {
    ClaimSweeps sweeps = new ClaimSweeps();
    for (Planned planned : claims) {
      if (planned.needsContexts()) {
        for (Task task : planned.tasks()) {
          sweeps.add(planned, Claim.F16, task);
          planned.plans().keySet().forEach(name -> sweeps.add(planned, name, task));
        }
      }
    }
    return sweeps.sweeps(setting, ctx);
  }

  /** Tasks that one of their sweeps cannot make at this length, and why. */
  static Map<Task, String> unmakeable(
      List<Planned> claims, ClaimSetting setting, int ctx, Tokenizer tokenizer, ChatFormat format) {
    Map<Task, String> unmakeable = new LinkedHashMap<>();
    for (Sweep sweep : weighing(claims, setting, ctx)) {
      sweep.unmakeable(tokenizer, format).forEach(unmakeable::putIfAbsent);
    }
    return unmakeable;
  }

  private void add(Planned planned, String name, Task task) {
    SweepPlan plan = planned.sweepPlan(name);
    plans
        .computeIfAbsent(
            planned.claim().plan(name).reading().protocol(),
            protocol -> new TreeMap<>(Comparator.comparing(Task::name)))
        .computeIfAbsent(task, t -> new LinkedHashMap<>())
        .putIfAbsent(plan.plan() + " @ " + plan.reading(), plan);
  }

  /** Tasks with equal plans share a sweep, so that one that is stopped is balanced over them. */
  private List<Sweep> sweeps(ClaimSetting setting, int ctx) {
    List<Sweep> sweeps = new ArrayList<>();
    plans.forEach(
        (protocol, byTask) -> {
          Map<List<SweepPlan>, List<Task>> together = new LinkedHashMap<>();
          byTask.forEach(
              (task, some) ->
                  together
                      .computeIfAbsent(
                          some.values().stream()
                              .sorted(
                                  Comparator.comparing(plan -> plan.plan() + " " + plan.reading()))
                              .toList(),
                          list -> new ArrayList<>())
                      .add(task));
          together.forEach(
              (some, tasks) ->
                  sweeps.add(
                      new Sweep(
                          some,
                          tasks,
                          List.of(ctx),
                          setting.contexts(),
                          setting.seed(),
                          protocol,
                          setting.prose())));
        });
    return sweeps;
  }
}
