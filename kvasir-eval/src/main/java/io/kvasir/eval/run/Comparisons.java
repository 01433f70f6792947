package io.kvasir.eval.run;

import io.kvasir.engine.Model;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.run.Lookups.Job;
import io.kvasir.eval.run.Reading.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Asks questions that nobody knows the answer to. Each sequence answers on a fork of what it has
 * read, and is led along f16's answer: how far it agrees, and how far its predictions are from
 * f16's.
 */
final class Comparisons {
  private final Model model;
  private final Map<Asked, Baseline> baselines;
  private final PassListener listener;

  /** As {@link Continuations} takes them. */
  Comparisons(Model model, Map<Asked, Baseline> baselines, PassListener listener) {
    this.model = model;
    this.baselines = baselines;
    this.listener = listener;
  }

  /**
   * Answers, in the order of the jobs.
   *
   * @param jobs of each question first f16's, where it has no baseline
   */
  List<Outcome> answer(List<Job> jobs) {
    List<Outcome> outcomes = new ArrayList<>(jobs.stream().map(job -> Outcome.NONE).toList());
    for (Asked asked : jobs.stream().map(Job::asked).distinct().toList()) {
      int[] own =
          IntStream.range(0, jobs.size()).filter(j -> jobs.get(j).asked() == asked).toArray();
      List<Outcome> found = together(IntStream.of(own).mapToObj(jobs::get).toList());
      IntStream.range(0, own.length).forEach(i -> outcomes.set(own[i], found.get(i)));
    }
    return outcomes;
  }

  private List<Outcome> together(List<Job> jobs) {
    try (Forks forks = new Forks()) {
      float[][] logits = new QuestionReader(model, listener).read(jobs, forks);
      return new Continuations(model, baselines, listener)
          .answer(jobs.getFirst().asked(), forks.list(), List.of(logits));
    }
  }
}
