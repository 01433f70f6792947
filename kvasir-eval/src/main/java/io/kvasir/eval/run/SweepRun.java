package io.kvasir.eval.run;

import io.kvasir.engine.Model;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.run.Reading.Asked;
import io.kvasir.eval.store.Cell;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Task;
import io.kvasir.kv.Footprint;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Weighs the plans of a sweep on one model. Contexts outermost, plans inside, and a cell is written
 * as soon as it is known: a sweep that is stopped is balanced, and one that is started again goes
 * on where it was.
 *
 * <p>Nothing that is stored depends on the memory, on the batch, or on what was done before.
 */
public final class SweepRun {
  /** Forks that write side by side at most: more gain nothing and hold more logits. */
  private static final int MOST_FORKS = 256;

  private final Sweep sweep;
  private final Model model;
  private final String runId;
  private final long memory;
  private final Results results;
  private final SweepListener listener;
  private final PromptForm form;
  private final Asker asker;
  private final CellRows rows;
  private final Map<Cell.Key, Set<String>> done = new HashMap<>();
  private final Set<String> items = new HashSet<>();
  private final int cells;
  private int at;
  private int failed;

  private SweepRun(
      Sweep sweep,
      Model model,
      String runId,
      String build,
      long memory,
      Results results,
      SweepListener listener) {
    this.sweep = sweep;
    this.model = model;
    this.runId = runId;
    this.memory = memory;
    this.results = results;
    this.listener = listener;
    this.form = PromptForm.of(model.tokenizer(), ChatFormat.of(model));
    PassListener alive = (some, all) -> listener.check();
    this.asker = new Asker(model, form, sweep.protocol(), alive);
    this.rows = new CellRows(build, model.fingerprint(), sweep.protocol().toString());
    this.cells = sweep.cells();
  }

  /**
   * Weighs, and sums up, also when the listener ends it.
   *
   * @param sweep that {@link Sweep#check} has accepted for the model
   * @param runId under which the summary is stored
   * @param build the commit, shortened: results of another build are not taken for this one's
   * @param memory bytes that caches may hold; what does not fit at once runs one after the other
   * @param results what is there already stays and is not weighed again
   * @return cells that failed; their answers say why
   * @throws CancellationException the listener ended it
   */
  public static int run(
      Sweep sweep,
      Model model,
      String runId,
      String build,
      long memory,
      Results results,
      SweepListener listener) {
    return new SweepRun(sweep, model, runId, build, memory, results, listener).run();
  }

  private int run() {
    Map<PrefillMode, List<Subject>> all = sweep.all();
    Contexts contexts = new Contexts(sweep, form);
    all.values().forEach(subjects -> results.putAll(subjects.stream().map(Subject::row).toList()));
    try {
      for (int number = 0; number < sweep.contexts(); number++) {
        for (Task task : sweep.tasks()) {
          for (int ctx : sweep.ctxs()) {
            Optional<Item> item = contexts.itemIfAny(task, ctx, number);
            if (item.isPresent()) {
              Reading reading = Reading.of(form, item.get());
              all.forEach((prefill, subjects) -> weigh(reading, prefill, subjects));
            } else {
              at += all.values().stream().mapToInt(List::size).sum();
            }
          }
        }
      }
    } catch (CancellationException e) {
      sumUp(all);
      throw e;
    }
    sumUp(all);
    listener.at(cells, cells, "");
    return failed;
  }

  private void sumUp(Map<PrefillMode, List<Subject>> all) {
    Cell.Key any = rows.key(all.values().iterator().next().getFirst());
    results.putAll(Summary.of(results, any, items, runId, sweep.seed()));
  }

  private void weigh(Reading reading, PrefillMode prefill, List<Subject> subjects) {
    boolean compared = Reading.isCompared(reading.item());
    items.addAll(reading.shas());
    List<Subject> left = new ArrayList<>();
    for (Subject subject : subjects) {
      boolean idle = compared ? subject.readsNothing() : subject.isFloor();
      if (idle || isDone(reading, subject)) {
        at++;
      } else {
        left.add(subject);
      }
    }
    if (left.isEmpty()) {
      return;
    }
    Subject f16 = subjects.getFirst();
    List<Subject> plans =
        left.stream().filter(subject -> !subject.isF16() && !subject.readsNothing()).toList();
    Base base = new Base(f16, left.contains(f16));
    for (List<Subject> part : parts(reading, f16, plans)) {
      together(reading, base, part);
    }
    for (Subject subject : left) {
      if (subject.readsNothing()) {
        alone(reading, subject, base.outcomes);
      }
    }
  }

  private boolean isDone(Reading reading, Subject subject) {
    return done.computeIfAbsent(rows.key(subject), results::done).containsAll(reading.shas());
  }

  /** Plans whose caches fit into memory together with f16's; at least one part. */
  private List<List<Subject>> parts(Reading reading, Subject f16, List<Subject> plans) {
    long most = memory / 2 - bytes(f16, reading);
    List<List<Subject>> parts = new ArrayList<>(List.of(new ArrayList<>()));
    long held = 0;
    for (Subject plan : plans) {
      long bytes = bytes(plan, reading);
      if (held + bytes > most && !parts.getLast().isEmpty()) {
        parts.add(new ArrayList<>());
        held = 0;
      }
      parts.getLast().add(plan);
      held += bytes;
    }
    return parts;
  }

  private long bytes(Subject subject, Reading reading) {
    return Footprint.uncutBytes(subject.plan(), model.config().kvShape(), reading.prompt().length);
  }

  /** Forks that the other half of the memory has room for; a fork's newest rows may be f32. */
  private int batch(Reading reading) {
    long fork =
        Footprint.bytes(KvPlan.parse("f32"), model.config().kvShape(), reading.longest() + 64)
            + 2L * Float.BYTES * model.config().vocabularySize();
    return (int) Math.clamp(memory / 2 / fork, 1, MOST_FORKS);
  }

  /** What f16 makes of a reading: found with the first plans, and used for all. */
  private static final class Base {
    private final Subject f16;
    private final boolean stored;
    private final Map<Asked, Baseline> baselines = new HashMap<>();
    private List<Outcome> outcomes = List.of();
    private Optional<RuntimeException> failure = Optional.empty();

    /**
     * @param stored whether its own cell is to be stored
     */
    Base(Subject f16, boolean stored) {
      this.f16 = f16;
      this.stored = stored;
    }
  }

  /**
   * Weighs plans, beside f16 where that is not known yet. When it fails, each for itself, to find
   * out whose failure it is.
   *
   * @param plans none: f16 alone
   */
  private void together(Reading reading, Base base, List<Subject> plans) {
    if (base.failure.isPresent()) {
      plans.forEach(plan -> failed(reading, base, plan, base.failure.get()));
      return;
    }
    listener.at(at, cells, what(reading, plans.isEmpty() ? base.f16 : plans.getFirst()));
    List<Subject> all = new ArrayList<>(base.outcomes.isEmpty() ? List.of(base.f16) : List.of());
    all.addAll(plans);
    List<KvPlan> texts = all.stream().map(Subject::plan).toList();
    List<List<Outcome>> outcomes;
    try {
      outcomes = asker.ask(texts, base.f16.prefill(), reading, batch(reading), base.baselines);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      if (all.size() > 1) {
        apart(reading, base, plans);
      } else {
        failed(reading, base, all.getFirst(), e);
      }
      return;
    }
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isF16()) {
        base.outcomes = outcomes.get(i);
      }
      if (!all.get(i).isF16() || base.stored) {
        store(rows.cell(reading, all.get(i), outcomes.get(i), base.outcomes));
      }
    }
  }

  private void apart(Reading reading, Base base, List<Subject> plans) {
    if (base.outcomes.isEmpty()) {
      together(reading, base, List.of());
    }
    plans.forEach(plan -> together(reading, base, List.of(plan)));
  }

  private void failed(Reading reading, Base base, Subject subject, RuntimeException e) {
    if (subject.isF16()) {
      base.failure = Optional.of(e);
    }
    if (!subject.isF16() || base.stored) {
      store(rows.failure(reading, subject, e));
      failed++;
    }
  }

  private void alone(Reading reading, Subject subject, List<Outcome> base) {
    listener.at(at, cells, what(reading, subject));
    try {
      store(rows.cell(reading, subject, asker.askAlone(reading, batch(reading)), base));
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      store(rows.failure(reading, subject, e));
      failed++;
    }
  }

  private String what(Reading reading, Subject subject) {
    Item item = reading.item();
    return "%s %d #%d %s".formatted(item.task(), item.ctx(), item.number() + 1, subject.label());
  }

  private void store(Cell cell) {
    results.put(cell);
    at++;
  }
}
