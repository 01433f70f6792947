package io.kvasir.eval.claim;

import io.kvasir.engine.Model;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.run.Sweep;
import io.kvasir.eval.run.SweepListener;
import io.kvasir.eval.run.SweepRun;
import io.kvasir.eval.run.SweepValues;
import io.kvasir.eval.store.ClaimRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Task;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges claims on one model: length by length, it weighs what the results do not hold yet, f16
 * first, then the plans on those tasks that f16 can show a loss on, and gives the verdicts of each
 * family.
 */
public final class ClaimRun {
  private final ClaimSetting setting;
  private final Model model;
  private final String runId;
  private final String build;
  private final long memory;
  private final Results results;
  private final SweepListener listener;
  private int failed;

  private ClaimRun(
      ClaimSetting setting,
      Model model,
      String runId,
      String build,
      long memory,
      Results results,
      SweepListener listener) {
    this.setting = setting;
    this.model = model;
    this.runId = runId;
    this.build = build;
    this.memory = memory;
    this.results = results;
    this.listener = listener;
  }

  /**
   * Weighs and judges; the verdicts of a length are stored as soon as they are known.
   *
   * @param setting that {@link ClaimSetting#check} has accepted for the model
   * @param runId under which verdicts are stored
   * @param build the commit, shortened: results of another build are not taken for this one's
   * @param memory bytes that caches may hold
   * @param results what is there already stays and is not weighed again
   * @return cells that failed; their answers say why
   * @throws java.util.concurrent.CancellationException the listener ended it
   */
  public static int run(
      ClaimSetting setting,
      Model model,
      String runId,
      String build,
      long memory,
      Results results,
      SweepListener listener) {
    ClaimRun run = new ClaimRun(setting, model, runId, build, memory, results, listener);
    setting.ctxs().forEach(run::judge);
    return run.failed;
  }

  private void judge(int ctx) {
    Set<String> edited = edited();
    Map<Family, List<Planned>> planned = new LinkedHashMap<>();
    for (Family family : setting.families()) {
      planned.put(family, setting.claims(family, ctx).stream().map(c -> plan(c, ctx)).toList());
    }
    Map<Task, String> unmakeable =
        ClaimSweeps.unmakeable(all(planned), setting, ctx, model.tokenizer(), ChatFormat.of(model));
    planned.replaceAll(
        (family, claims) -> claims.stream().map(one -> onMakeable(one, unmakeable)).toList());
    EvidenceReader screened = weigh(ClaimSweeps.screening(all(planned), setting, ctx), ctx);
    planned.replaceAll(
        (family, claims) -> claims.stream().map(one -> onTestable(one, screened)).toList());
    EvidenceReader measured = weigh(ClaimSweeps.weighing(all(planned), setting, ctx), ctx);
    CostReader costs = new CostReader(results, model.fingerprint(), ctx, build);
    List<ClaimRow> rows = new ArrayList<>();
    planned.forEach(
        (family, claims) ->
            Judge.of(
                    claims.stream().map(one -> trial(one, measured, costs)).toList(),
                    setting.seed())
                .forEach(
                    verdict ->
                        rows.add(
                            verdict.row(
                                runId,
                                model.fingerprint(),
                                ctx,
                                edited.contains(verdict.claim().id())))));
    results.putAll(rows);
  }

  private static List<Planned> all(Map<Family, List<Planned>> planned) {
    return planned.values().stream().flatMap(List::stream).toList();
  }

  /** Claims of which a result is there that was about another text. */
  private Set<String> edited() {
    Map<String, String> digests =
        setting.families().stream()
            .flatMap(family -> family.claims().stream())
            .collect(Collectors.toMap(Claim::id, Claim::digest));
    return results.rows(ClaimRow.class).stream()
        .filter(row -> row.lhs().isPresent())
        .filter(row -> !digests.getOrDefault(row.claimId(), row.claimSha()).equals(row.claimSha()))
        .map(ClaimRow::claimId)
        .collect(Collectors.toSet());
  }

  private Planned plan(Claim claim, int ctx) {
    Planned planned = Planned.of(claim);
    if (claim.needs().isPresent()) {
      return planned.because("needs " + claim.needs().get());
    }
    if (ctx > model.config().contextLength()) {
      return planned.because(
          "%s was made for %d tokens".formatted(model.name(), model.config().contextLength()));
    }
    for (KvPlan plan : planned.plans().values()) {
      try {
        model.sequence(plan).close(); // also asks for what has to be learned first
      } catch (KvPlanException e) {
        return planned.because(String.valueOf(e.getMessage()));
      }
    }
    if (claim.tasks().isEmpty() && planned.needsContexts()) {
      return planned.because("this machine can make none of its tasks");
    }
    if (!claim.equalBytes()) {
      return planned;
    }
    PassListener alive = (some, all) -> listener.check();
    Matching.Matched matched = new Matching(model, prompt(ctx), alive).of(claim.let());
    return matched.plans().isEmpty()
        ? planned.because(matched.remark())
        : planned.with(matched.plans(), matched.remark());
  }

  /** Prose of some length, repeated where there is too little of it. */
  private int[] prompt(int ctx) {
    String prose = setting.prose().text();
    int[] ids =
        model.tokenizer().encode(prose.substring(0, Math.min(prose.length(), 16 * ctx)), false);
    int[] prompt = new int[ctx];
    for (int i = 0; i < ctx; i++) {
      prompt[i] = ids[i % ids.length];
    }
    return prompt;
  }

  /** Runs sweeps, and looks up what is known of their contexts then. */
  private EvidenceReader weigh(List<Sweep> sweeps, int ctx) {
    int cells = sweeps.stream().mapToInt(Sweep::cells).sum();
    int before = 0;
    Map<Protocol, List<Sweep>> byProtocol = new EnumMap<>(Protocol.class);
    for (Sweep sweep : sweeps) {
      SweepListener part = new Part(listener, before, cells);
      failed += SweepRun.run(sweep, model, runId, build, memory, results, part);
      before += sweep.cells();
      byProtocol.computeIfAbsent(sweep.protocol(), protocol -> new ArrayList<>()).add(sweep);
    }
    Map<Protocol, SweepValues> values = new EnumMap<>(Protocol.class);
    byProtocol.forEach(
        (protocol, some) ->
            values.put(protocol, SweepValues.of(joined(some), model, build, results)));
    return new EvidenceReader(values, ctx, setting.seed());
  }

  /** Their tasks; what the plans are does not matter where results are looked up. */
  private static Sweep joined(List<Sweep> sweeps) {
    Sweep first = sweeps.getFirst();
    List<Task> tasks = sweeps.stream().flatMap(sweep -> sweep.tasks().stream()).toList();
    return new Sweep(
        first.plans(),
        tasks,
        first.ctxs(),
        first.contexts(),
        first.seed(),
        first.protocol(),
        first.prose());
  }

  /** Hears a sweep that is one of several. */
  private record Part(SweepListener listener, int before, int cells) implements SweepListener {
    @Override
    public void at(int done, int total, String what) {
      listener.at(before + done, cells, what);
    }

    @Override
    public void check() {
      listener.check();
    }
  }

  /** Leaves out the tasks that have no context of this length. */
  private static Planned onMakeable(Planned planned, Map<Task, String> unmakeable) {
    if (!planned.needsContexts() || planned.tasks().stream().noneMatch(unmakeable::containsKey)) {
      return planned;
    }
    Map<Task, String> out = new LinkedHashMap<>();
    for (Task task : planned.tasks()) {
      Optional.ofNullable(unmakeable.get(task)).ifPresent(why -> out.put(task, why));
    }
    return without(
        out,
        planned,
        "left out, as the contexts are too short for them: ",
        out.values().iterator().next());
  }

  /** Leaves out the lookups that f16 fails itself. */
  private static Planned onTestable(Planned planned, EvidenceReader screened) {
    if (!planned.needsContexts()) {
      return planned;
    }
    Map<Task, String> failed = new LinkedHashMap<>();
    for (Task task : planned.tasks()) {
      Optional<String> reason =
          task.continues()
              ? Optional.empty()
              : screened.testability(task, planned.claim().reading()).reason();
      reason.ifPresent(why -> failed.put(task, why));
    }
    String none =
        "f16 fails on "
            + (failed.size() == 1
                ? names(failed) + ": " + failed.values().iterator().next()
                : "all of " + names(failed));
    return without(failed, planned, "left out, as f16 fails there: ", none);
  }

  /**
   * Leaves out tasks.
   *
   * @param none why there can be no verdict, where no task is left
   */
  private static Planned without(
      Map<Task, String> out, Planned planned, String remark, String none) {
    List<Task> left = planned.tasks().stream().filter(task -> !out.containsKey(task)).toList();
    if (left.isEmpty()) {
      return planned.because(none);
    }
    return planned.on(left, out.isEmpty() ? "" : remark + names(out));
  }

  private static String names(Map<Task, String> tasks) {
    return tasks.keySet().stream().map(Task::name).collect(Collectors.joining(", "));
  }

  private static Trial trial(Planned planned, EvidenceReader measured, CostReader costs) {
    if (planned.impossible().isPresent()) {
      return Trial.impossible(planned.claim(), planned.impossible().get());
    }
    if (planned.needsContexts()) {
      String more = measured.isCompressed(planned) ? "" : "nothing was compressed";
      Planned told = planned.on(planned.tasks(), more);
      return new Trial(planned.claim(), Optional.of(measured.of(planned)), told.remark());
    }
    return costs
        .of(planned)
        .map(evidence -> new Trial(planned.claim(), Optional.of(evidence), planned.remark()))
        .orElseGet(
            () ->
                Trial.impossible(
                    planned.claim(), "no run of this build has measured the cost of its plans"));
  }
}
