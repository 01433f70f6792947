package io.kvasir.eval.run;

import io.kvasir.eval.sweep.SweepPlan;
import io.kvasir.kv.KvPlan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sweeps that are worth a name: what is weighed where the user does not say. */
public enum Suite {
  /** For a first look: minutes on two cores. */
  QUICK("text,niah-s1,kv", List.of(2048), 8),
  STANDARD("text,niah-*,passkey,kv,vt,code-find,code-const,copy", List.of(2048, 4096), 24),
  FULL(
      "text,niah-*,passkey,kv,vt,cwe,fwe,code-find,code-const,code-next,icl,copy,gen",
      List.of(2048, 4096, 8192),
      24);

  private static final List<String> PLANS =
      List.of(
          "q8",
          "q4",
          "k:q8 | v:q4",
          "kivi(bits=4)",
          "kivi(bits=2)",
          "snapkv(keep=50%)",
          "h2o(keep=50%)",
          "snapkv(keep=50%) | q8");

  private final String tasks;
  private final List<Integer> ctxs;
  private final int contexts;

  Suite(String tasks, List<Integer> ctxs, int contexts) {
    this.tasks = tasks;
    this.ctxs = ctxs;
    this.contexts = contexts;
  }

  /** Its tasks, as {@link io.kvasir.eval.task.Tasks#parse} reads them. */
  public String tasks() {
    return tasks;
  }

  public List<Integer> ctxs() {
    return ctxs;
  }

  public int contexts() {
    return contexts;
  }

  /** Eight plans, one for each kind of saving. */
  public List<SweepPlan> plans() {
    return PLANS.stream()
        .map(
            plan ->
                new SweepPlan(
                    plan,
                    plan,
                    List.of(),
                    KvPlan.parse(plan),
                    Optional.empty(),
                    Optional.empty(),
                    "suite " + this))
        .toList();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
