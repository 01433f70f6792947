package io.kvasir.eval.run;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.run.Lookups.Job;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads questions, each on a fork of what was read before, all in the same passes. What the
 * questions to one sequence begin with, all of them, is read once.
 */
final class QuestionReader {
  private final Model model;
  private final PassListener listener;

  /**
   * @param listener may throw to end it
   */
  QuestionReader(Model model, PassListener listener) {
    this.model = model;
    this.listener = listener;
  }

  /**
   * Reads.
   *
   * @param forks gets a fork for each job
   * @return the logits after the last token of each question, [jobs][V]
   */
  float[][] read(List<Job> jobs, Forks forks) {
    if (jobs.stream().anyMatch(job -> job.read().seen() == 0)) {
      return jobs.stream()
          .map(job -> forks.add(job.read()).read(job.ids(), listener))
          .toArray(float[][]::new);
    }
    try (Forks beginnings = new Forks()) {
      Map<Sequence, Sequence> begun = begin(jobs, beginnings);
      List<Sequence> asked = new ArrayList<>();
      List<int[]> rests = new ArrayList<>();
      for (Job job : jobs) {
        Sequence from = begun.getOrDefault(job.read(), job.read());
        int done = from.seen() - job.read().seen();
        asked.add(forks.add(from));
        rests.add(Arrays.copyOfRange(job.ids(), done, job.ids().length));
      }
      return model.append(asked, rests, listener);
    }
  }

  /** Of each sequence a fork that has read what all questions to it begin with, if anything. */
  private Map<Sequence, Sequence> begin(List<Job> jobs, Forks beginnings) {
    Map<Sequence, Sequence> begun = new LinkedHashMap<>();
    List<int[]> ids = new ArrayList<>();
    jobs.stream()
        .collect(Collectors.groupingBy(Job::read, LinkedHashMap::new, Collectors.toList()))
        .forEach(
            (sequence, own) -> {
              int shared = shared(own);
              if (shared > 0) {
                begun.put(sequence, beginnings.add(sequence));
                ids.add(Arrays.copyOf(own.getFirst().ids(), shared));
              }
            });
    if (!ids.isEmpty()) {
      model.append(beginnings.list(), ids, listener);
    }
    return begun;
  }

  /** Tokens that several questions begin with; one of each is left, after which logits are due. */
  private static int shared(List<Job> jobs) {
    int[] first = jobs.getFirst().ids();
    int shared = jobs.size() == 1 ? 0 : first.length - 1;
    for (Job job : jobs) {
      int differ = Arrays.mismatch(first, job.ids());
      shared = Math.min(shared, differ < 0 ? shared : differ);
      shared = Math.min(shared, job.ids().length - 1);
    }
    return shared;
  }
}
