package io.kvasir.eval.cost;

import io.kvasir.eval.Digest;
import io.kvasir.eval.Seeded;
import io.kvasir.eval.run.SweepListener;
import io.kvasir.eval.store.CostRow;
import io.kvasir.eval.store.EnvRow;
import io.kvasir.eval.store.PartRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.Row;
import io.kvasir.eval.store.RunRow;
import io.kvasir.kv.KvBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Has plans measured one by one, in rounds: each round has every plan once, in an order drawn anew,
 * so that what changes on the machine meanwhile meets all plans alike. A measurement is stored as
 * soon as it is made. A round that was cut short is completed beside f16, which is measured again:
 * only plans of one round and run are compared.
 */
public final class CostRun {
  /** Measures one plan on nothing but itself. */
  @FunctionalInterface
  public interface Meter {
    /**
     * @throws CancellationException the user ended it
     * @throws RuntimeException it cannot be measured; the sentence says why
     */
    CostSample measure(CostOrder order);
  }

  /**
   * How it went.
   *
   * @param failed sentences about measurements that failed
   * @param remarks sentences about measurements whose memory is not what the cache holds
   */
  public record Outcome(List<String> failed, List<String> remarks) {}

  private final CostPlan plan;
  private final String runId;
  private final String modelSha;
  private final IntFunction<List<Integer>> prompts;
  private final Meter meter;
  private final Results results;
  private final SweepListener listener;
  private final Set<String> comparable;
  private final List<String> failed = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private int done;

  private CostRun(
      CostPlan plan,
      String runId,
      String modelSha,
      IntFunction<List<Integer>> prompts,
      Meter meter,
      Results results,
      SweepListener listener) {
    this.plan = plan;
    this.runId = runId;
    this.modelSha = modelSha;
    this.prompts = prompts;
    this.meter = meter;
    this.results = results;
    this.listener = listener;
    this.comparable = comparable(results, runId);
  }

  /**
   * Measures what is missing.
   *
   * @param runId whose rows of tables run and env are there; measurements of other runs count when
   *     build, processor and threads are the same
   * @param prompts the tokens of a prompt of so many
   * @throws CancellationException the listener ended it, or the meter; what was measured stays
   */
  public static Outcome run(
      CostPlan plan,
      String runId,
      String modelSha,
      IntFunction<List<Integer>> prompts,
      Meter meter,
      Results results,
      SweepListener listener) {
    CostRun run = new CostRun(plan, runId, modelSha, prompts, meter, results, listener);
    for (int ctx : plan.ctxs()) {
      for (int round = 0; round < plan.rounds(); round++) {
        run.round(ctx, round);
      }
    }
    listener.at(plan.measurements(), plan.measurements(), "");
    return new Outcome(List.copyOf(run.failed), List.copyOf(run.remarks));
  }

  private void round(int ctx, int round) {
    List<String> left = missing(ctx, round);
    done += plan.plans().size() - left.size();
    if (!left.isEmpty() && !left.contains(CostPlan.F16)) {
      left.add(CostPlan.F16);
      done--;
    }
    for (String text : shuffled(left, ctx, round)) {
      listener.at(
          done, plan.measurements(), "cost %d, round %d: %s".formatted(ctx, round + 1, text));
      measure(text, ctx, round);
      done++;
    }
  }

  private void measure(String text, int ctx, int round) {
    CostOrder order =
        new CostOrder(
            text,
            Objects.requireNonNull(plan.plans().get(text)).toString(),
            prompts.apply(ctx - CostPlan.DECODED),
            CostPlan.DECODED);
    String what = "cost of %s, ctx %d, round %d: ".formatted(text, ctx, round + 1);
    try {
      CostSample sample = meter.measure(order);
      results.putAll(rows(sample, Digest.hex(text), ctx, round));
      if (!sample.isExplained()) {
        remarks.add(
            what
                + "%.1f MB were resident over the model, %.1f MB are what it holds"
                    .formatted(sample.rssPeak() / 1e6, sample.heldPeak() / 1e6));
      }
    } catch (CancellationException e) {
      throw e;
    } catch (IllegalStateException e) {
      failed.add(what + e.getMessage());
    }
  }

  private List<Row> rows(CostSample sample, String planSha, int ctx, int round) {
    KvBytes kv = sample.kv();
    return List.of(
        new CostRow(
            runId,
            modelSha,
            planSha,
            ctx,
            round,
            kv.all(),
            kv.side(),
            sample.rssPeak(),
            sample.ttftMs(),
            sample.compressMs(),
            sample.prefillTps(),
            sample.decodeTps()),
        part(planSha, ctx, "codes", kv.codes()),
        part(planSha, ctx, "scales", kv.scales()),
        part(planSha, ctx, "windows", kv.windows()),
        part(planSha, ctx, "side", kv.side()));
  }

  private PartRow part(String planSha, int ctx, String name, long bytes) {
    return new PartRow(runId, modelSha, planSha, ctx, name, bytes);
  }

  /** Plans that no run has measured in this round beside f16. */
  private List<String> missing(int ctx, int round) {
    List<CostRow> there =
        results.rows(CostRow.class).stream()
            .filter(row -> row.modelSha().equals(modelSha) && row.ctx() == ctx)
            .filter(row -> row.round() == round && comparable.contains(row.runId()))
            .toList();
    String f16 = Digest.hex(CostPlan.F16);
    Set<String> complete =
        there.stream()
            .filter(row -> row.planSha().equals(f16))
            .map(CostRow::runId)
            .collect(Collectors.toSet());
    Set<String> measured =
        there.stream()
            .filter(row -> complete.contains(row.runId()))
            .map(CostRow::planSha)
            .collect(Collectors.toSet());
    return plan.plans().keySet().stream()
        .filter(text -> !measured.contains(Digest.hex(text)))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private List<String> shuffled(List<String> plans, int ctx, int round) {
    UniformRandomProvider random = Seeded.of(plan.seed(), "cost", ctx, round);
    List<String> order = new ArrayList<>(plans);
    for (int i = order.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      order.set(i, order.set(j, order.get(i)));
    }
    return order;
  }

  /** Runs of the same build on the same kind of machine. */
  private static Set<String> comparable(Results results, String runId) {
    List<EnvRow> machines = results.rows(EnvRow.class);
    EnvRow own =
        machines.stream().filter(row -> row.runId().equals(runId)).findFirst().orElseThrow();
    Set<String> same =
        machines.stream()
            .filter(row -> row.cpu().equals(own.cpu()) && row.threads() == own.threads())
            .map(EnvRow::runId)
            .collect(Collectors.toSet());
    List<RunRow> runs = results.rows(RunRow.class);
    String build =
        runs.stream()
            .filter(row -> row.runId().equals(runId))
            .map(RunRow::build)
            .findFirst()
            .orElseThrow();
    return runs.stream()
        .filter(row -> row.build().equals(build) && same.contains(row.runId()))
        .map(RunRow::runId)
        .collect(Collectors.toSet());
  }
}
