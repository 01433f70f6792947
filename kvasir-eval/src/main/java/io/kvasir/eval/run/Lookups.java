package io.kvasir.eval.run;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.run.Reading.Asked;
import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Question;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Asks questions that have an answer, of any number of sequences: each question on a fork of what
 * was read, twice, once for what the model writes and once for how probable it finds the right
 * answer. All forks of a batch write side by side.
 */
final class Lookups {
  private final Model model;
  private final int batch;
  private final PassListener listener;

  /**
   * @param batch forks that are open at once; what comes out does not depend on it
   * @param listener may throw to end it
   */
  Lookups(Model model, int batch, PassListener listener) {
    this.model = model;
    this.batch = batch;
    this.listener = listener;
  }

  /**
   * One question to one sequence.
   *
   * @param read has read the context; stays as it is
   * @param ids of the question, at least one
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Job(Sequence read, int[] ids, Asked asked) {}

  /** Answers, in the order of the jobs. */
  List<Outcome> answer(List<Job> jobs) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int from = 0; from < jobs.size(); from += batch) {
      outcomes.addAll(together(jobs.subList(from, Math.min(jobs.size(), from + batch))));
    }
    return outcomes;
  }

  private List<Outcome> together(List<Job> jobs) {
    List<Sequence> forks = new ArrayList<>();
    try {
      List<Told> told = new ArrayList<>();
      for (Job job : jobs) {
        forks.add(job.read().fork());
        told.add(tell(job, forks.getLast()));
      }
      new Greedy(model, () -> listener.progressed(0, 1))
          .write(told.stream().map(Told::writer).toList());
      return told.stream().map(Told::outcome).toList();
    } finally {
      forks.forEach(Sequence::close);
    }
  }

  private Told tell(Job job, Sequence fork) {
    float[] logits = fork.read(job.ids(), listener);
    Asked asked = job.asked();
    double share = fork.cache().codedShare();
    Optional<Forced> forced =
        asked.answer().length == 0
            ? Optional.empty()
            : Optional.of(Forced.of(fork, logits, asked.answer()));
    OptionalDouble choice = choice(asked, fork, logits);
    Greedy.Writer writer =
        new Greedy.Writer(fork, logits, asked.question().answerTokens(), asked.end(), false);
    return new Told(asked, share, forced, choice, writer);
  }

  /** 1 where the right candidate is the likeliest one; nothing where there are none. */
  private static OptionalDouble choice(Asked asked, Sequence fork, float[] logits) {
    if (asked.question().metric() != Metric.EXACT || asked.candidates().isEmpty()) {
      return OptionalDouble.empty();
    }
    int best =
        IntStream.range(0, asked.candidates().size())
            .boxed()
            .max(
                Comparator.comparingDouble(
                    i -> Forced.of(fork, logits, asked.candidates().get(i)).meanLnp()))
            .orElseThrow();
    Question question = asked.question();
    String chosen = question.candidates().get(best).strip();
    return OptionalDouble.of(question.gold().contains(chosen) ? 1 : 0);
  }

  /** What is known of a question before its answer is written. */
  private record Told(
      Asked asked,
      double share,
      Optional<Forced> forced,
      OptionalDouble choice,
      Greedy.Writer writer) {
    Outcome outcome() {
      String text = writer.text();
      double score = choice.orElseGet(() -> asked.question().score(text));
      return new Outcome(
          text,
          Double.isNaN(score) ? OptionalDouble.empty() : OptionalDouble.of(score),
          forced.map(f -> OptionalDouble.of(f.meanLnp())).orElse(OptionalDouble.empty()),
          forced.map(Forced::argmax),
          forced.map(f -> (share + f.codedShare()) / 2).orElse(share),
          List.of());
    }
  }
}
