package io.kvasir.eval.run;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.run.Lookups.Job;
import io.kvasir.eval.run.Reading.Asked;
import io.kvasir.eval.task.Protocol;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads a context with several plans, in one exact prefill where they are read so, and asks them
 * all, by one protocol.
 */
final class Asker {
  private final Model model;
  private final PromptForm form;
  private final Protocol protocol;
  private final PassListener listener;

  Asker(Model model, PromptForm form, Protocol protocol, PassListener listener) {
    this.model = model;
    this.form = form;
    this.protocol = protocol;
    this.listener = listener;
  }

  /**
   * What the plans make of a reading: of each one outcome for each question.
   *
   * @param plans at least one; f16 first, where what it makes of this reading is not known
   * @param batch forks that are open at once
   * @param baselines what f16 makes of texts that plans are led along; filled when f16 is asked
   */
  List<List<Outcome>> ask(
      List<KvPlan> plans,
      PrefillMode prefill,
      Reading reading,
      int batch,
      Map<Asked, Baseline> baselines) {
    if (Reading.continues(reading.item())) {
      return onReading(plans, prefill, reading, read -> goOn(read, reading, baselines));
    }
    Answers answers =
        Reading.isCompared(reading.item())
            ? new Comparisons(model, baselines, listener)::answer
            : new Lookups(model, batch, listener)::answer;
    return switch (protocol) {
      case BLIND -> onReading(plans, prefill, reading, read -> blind(answers, read, reading));
      case AWARE -> aware(answers, plans, prefill, reading);
      case TURNS -> onReading(plans, prefill, reading, read -> turns(answers, read, reading));
    };
  }

  /** The questions alone, to a full cache. */
  List<Outcome> askAlone(Reading reading, int batch) {
    try (Sequence nothing = model.sequence(KvPlan.FULL)) {
      return new Lookups(model, batch, listener)
          .answer(
              reading.asked().stream()
                  .map(asked -> new Job(nothing, asked.alone(), asked))
                  .toList());
    }
  }

  /** Sequences that have read a prompt, and the logits after it. */
  private record Read(List<Sequence> sequences, List<float[]> logits) {}

  /** A way to ask: the answers, in the order of the jobs. */
  @FunctionalInterface
  private interface Answers {
    List<Outcome> to(List<Job> jobs);
  }

  @FunctionalInterface
  private interface Work {
    List<List<Outcome>> on(Read read);
  }

  /** Reads a prompt, and notes of each cache what it holds before anything is asked. */
  private List<List<Outcome>> onReading(
      List<KvPlan> plans, PrefillMode prefill, Reading reading, Work work) {
    int[] prompt = reading.prompt();
    List<Sequence> sequences = new ArrayList<>();
    try {
      plans.forEach(plan -> sequences.add(model.sequence(plan)));
      List<float[]> logits = new ArrayList<>();
      if (prefill.equals(PrefillMode.EXACT)) {
        float[] shared = model.read(sequences, prompt, listener);
        sequences.forEach(sequence -> logits.add(shared));
      } else {
        sequences.forEach(sequence -> logits.add(sequence.read(prompt, prefill, listener)));
      }
      List<Holding> held = sequences.stream().map(s -> Holding.of(s.cache())).toList();
      List<List<Outcome>> outcomes = work.on(new Read(sequences, logits));
      return IntStream.range(0, held.size())
          .mapToObj(p -> noted(outcomes.get(p), held.get(p), reading.asked()))
          .toList();
    } finally {
      sequences.forEach(Sequence::close);
    }
  }

  private static List<Outcome> noted(List<Outcome> outcomes, Holding held, List<Asked> asked) {
    return IntStream.range(0, outcomes.size())
        .mapToObj(
            q ->
                outcomes
                    .get(q)
                    .from(
                        q == 0 ? Optional.of(held) : Optional.empty(),
                        held.fate(asked.get(q).places())))
        .toList();
  }

  private List<List<Outcome>> goOn(Read read, Reading reading, Map<Asked, Baseline> baselines) {
    Continuations continuations = new Continuations(model, baselines, listener);
    Asked asked = reading.asked().getFirst();
    List<Outcome> outcomes =
        asked.answer().length > 0
            ? continuations.force(asked, read.sequences(), reading.prompt())
            : continuations.write(asked, read.sequences(), read.logits());
    return outcomes.stream().map(List::of).toList();
  }

  private List<List<Outcome>> blind(Answers answers, Read read, Reading reading) {
    List<Job> jobs = new ArrayList<>();
    for (Sequence sequence : read.sequences()) {
      for (Asked asked : reading.asked()) {
        jobs.add(new Job(sequence, asked.ids(), asked));
      }
    }
    List<Outcome> outcomes = answers.to(jobs);
    int questions = reading.asked().size();
    List<List<Outcome>> byPlan = new ArrayList<>();
    for (int from = 0; from < outcomes.size(); from += questions) {
      byPlan.add(outcomes.subList(from, from + questions));
    }
    return byPlan;
  }

  /**
   * All but the last token of a question is read with the context, and compressed; the last one is
   * held back, so that what predicts the answer has attended to the compressed cache.
   */
  private List<List<Outcome>> aware(
      Answers answers, List<KvPlan> plans, PrefillMode prefill, Reading reading) {
    List<List<Outcome>> byPlan = lists(plans.size());
    for (Asked asked : reading.asked()) {
      int[] all = PromptForm.join(reading.prompt(), asked.ids());
      int[] last = {all[all.length - 1]};
      List<List<Outcome>> outcomes =
          onReading(
              plans,
              prefill,
              new Reading(reading.item(), Arrays.copyOf(all, all.length - 1), List.of(asked)),
              read ->
                  answers
                      .to(read.sequences().stream().map(s -> new Job(s, last, asked)).toList())
                      .stream()
                      .map(List::of)
                      .toList());
      append(byPlan, outcomes);
    }
    return byPlan;
  }

  /** The right answers are the history, whatever the plans have answered. */
  private List<List<Outcome>> turns(Answers answers, Read read, Reading reading) {
    List<List<Outcome>> byPlan = lists(read.sequences().size());
    for (int q = 0; q < reading.asked().size(); q++) {
      Asked asked = reading.asked().get(q);
      int[] ids =
          q == 0
              ? asked.ids()
              : PromptForm.join(form.afterAnswer(), form.nextQuestion(asked.question()));
      append(
          byPlan,
          answers.to(read.sequences().stream().map(s -> new Job(s, ids, asked)).toList()).stream()
              .map(List::of)
              .toList());
      int[] turn = PromptForm.join(ids, asked.answer());
      model.append(read.sequences(), Collections.nCopies(read.sequences().size(), turn), listener);
    }
    return byPlan;
  }

  private static List<List<Outcome>> lists(int count) {
    List<List<Outcome>> lists = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lists.add(new ArrayList<>());
    }
    return lists;
  }

  private static void append(List<List<Outcome>> all, List<List<Outcome>> more) {
    for (int i = 0; i < all.size(); i++) {
      all.get(i).addAll(more.get(i));
    }
  }
}
