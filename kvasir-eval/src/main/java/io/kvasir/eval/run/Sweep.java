package io.kvasir.eval.run;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.eval.InputException;
import io.kvasir.eval.sweep.SweepPlan;
import io.kvasir.eval.task.Corpus;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Task;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.PrefillMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be weighed.
 *
 * @param plans at least one; f16 and the controls run besides
 * @param tasks at least one, all of which this machine can make
 * @param ctxs tokens of a context, question and answer included
 * @param contexts of each task and ctx; the unit of all statistics
 * @param seed of contexts and of resamples
 * @param protocol when the cache is compressed
 * @param prose what haystacks are made of
 */
public record Sweep(
    List<SweepPlan> plans,
    List<Task> tasks,
    List<Integer> ctxs,
    int contexts,
    long seed,
    Protocol protocol,
    Corpus prose) {
  private static final int MOST_CONTEXTS = 10_000;

  /**
   * @throws InputException names the value that is out of range
   */
  public Sweep {
    plans = List.copyOf(plans);
    tasks = List.copyOf(tasks);
    ctxs = List.copyOf(ctxs);
    if (plans.isEmpty() || tasks.isEmpty() || ctxs.isEmpty()) {
      throw new InputException(
          "%d plans, %d tasks and %d sizes make no cell; expected at least one of each"
              .formatted(plans.size(), tasks.size(), ctxs.size()));
    }
    if (contexts < 1 || contexts > MOST_CONTEXTS) {
      throw new InputException(
          "contexts=%d is out of range; expected 1 to %d".formatted(contexts, MOST_CONTEXTS));
    }
  }

  /** Cells: a plan or a control on a context. */
  public int cells() {
    int subjects = all().values().stream().mapToInt(List::size).sum();
    return Math.multiplyExact(
        Math.multiplyExact(subjects, contexts), Math.multiplyExact(tasks.size(), ctxs.size()));
  }

  /** The plans and their controls, by prefill. */
  Map<PrefillMode, List<Subject>> all() {
    Map<PrefillMode, List<Subject>> all = Subject.all(plans);
    return tasks.stream().anyMatch(Task::continues) ? Subject.withFloor(all) : all;
  }

  /** The plans and controls, as text, in the order in which they run. */
  public List<String> subjects() {
    return all().entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .map(subject -> subject.text() + " @ prefill=" + entry.getKey()))
        .toList();
  }

  /** The texts of plans and controls, each once, in the order in which they run. */
  public List<String> planTexts() {
    return all().values().stream().flatMap(List::stream).map(Subject::text).distinct().toList();
  }

  /** What has a cost: the plans and controls, and how each is read where it stands first. */
  public Map<String, PrefillMode> costs() {
    Map<String, PrefillMode> costs = new LinkedHashMap<>();
    Subject.all(plans)
        .forEach(
            (prefill, subjects) ->
                subjects.stream()
                    .filter(subject -> !subject.readsNothing())
                    .forEach(subject -> costs.putIfAbsent(subject.text(), prefill)));
    return costs;
  }

  /**
   * Checks all that can be known before weights are loaded: that the model has that much context
   * and takes the plans, what they need calibrated, and that every task can be made.
   *
   * @throws InputException in one sentence
   */
  public void check(ModelFile file) {
    checkContexts(file);
    for (SweepPlan plan : plans) {
      try {
        plan.plan().check(KvModel.of(file.config().kvShape()));
        plan.plan().checkCalibrated(file.calibrations());
      } catch (KvPlanException e) {
        throw new InputException("%s: %s: %s".formatted(plan.place(), file.name(), e.getMessage()));
      }
    }
  }

  /**
   * The part of {@link #check} that does not depend on the plans.
   *
   * @throws InputException in one sentence
   */
  public void checkContexts(ModelFile file) {
    checkModel(file);
    unmakeable(file.tokenizer(), ChatFormat.of(file)).values().stream()
        .findFirst()
        .ifPresent(
            why -> {
              throw new InputException(why);
            });
  }

  /**
   * The part that does not depend on the tasks either.
   *
   * @throws InputException in one sentence
   */
  public void checkModel(ModelFile file) {
    int most = file.config().contextLength();
    for (int ctx : ctxs) {
      if (ctx > most) {
        throw new InputException(
            "ctx %d is more than the %d tokens that %s was made for"
                .formatted(ctx, most, file.name()));
      }
    }
    if (protocol == Protocol.TURNS) {
      PromptForm.of(file.tokenizer(), ChatFormat.of(file)).afterAnswer();
    }
  }

  /** The tasks that this sweep cannot make, and why: a ctx is too short for them, or the prose. */
  public Map<Task, String> unmakeable(Tokenizer tokenizer, ChatFormat format) {
    Contexts made = new Contexts(this, PromptForm.of(tokenizer, format));
    Map<Task, String> unmakeable = new LinkedHashMap<>();
    for (Task task : tasks) {
      for (int ctx : ctxs) {
        try {
          made.itemIfAny(task, ctx, 0);
        } catch (InputException e) {
          unmakeable.putIfAbsent(task, String.valueOf(e.getMessage()));
        }
      }
    }
    return unmakeable;
  }
}
