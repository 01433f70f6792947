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
    try (Forks forks = new Forks()) {
      float[][] logits = new QuestionReader(model, listener).read(jobs, forks);
      List<Sequence> asked = forks.list();
      double[] shares = asked.stream().mapToDouble(fork -> fork.cache().codedShare()).toArray();
      List<Forced> forced = forced(jobs, asked, logits);
      List<Told> told = new ArrayList<>();
      for (int j = 0, at = 0; j < jobs.size(); j++) {
        Asked question = jobs.get(j).asked();
        List<Forced> own = forced.subList(at, at + texts(question).size());
        at += own.size();
        told.add(
            new Told(
                question,
                shares[j],
                question.answer().length == 0 ? Optional.empty() : Optional.of(own.getFirst()),
                choice(question, own.subList(own.size() - candidates(question).size(), own.size())),
                new Greedy.Writer(
                    asked.get(j),
                    logits[j],
                    question.question().answerTokens(),
                    question.end(),
                    false)));
      }
      new Greedy(model, () -> listener.progressed(0, 1))
          .write(told.stream().map(Told::writer).toList());
      return told.stream().map(Told::outcome).toList();
    }
  }

  private List<Forced> forced(List<Job> jobs, List<Sequence> asked, float[][] logits) {
    List<Forced.Answer> answers = new ArrayList<>();
    for (int j = 0; j < jobs.size(); j++) {
      for (int[] text : texts(jobs.get(j).asked())) {
        answers.add(new Forced.Answer(asked.get(j), logits[j], text));
      }
    }
    return Forced.of(model, answers);
  }

  /** What is forced: the right answer where it is known, then those to choose from. */
  private static List<int[]> texts(Asked asked) {
    List<int[]> texts = new ArrayList<>();
    if (asked.answer().length > 0) {
      texts.add(asked.answer());
    }
    texts.addAll(candidates(asked));
    return texts;
  }

  /** The answers of which the likeliest one counts. */
  private static List<int[]> candidates(Asked asked) {
    return asked.question().metric() == Metric.EXACT ? asked.candidates() : List.of();
  }

  /** 1 where the right candidate is the likeliest one; nothing where there are none. */
  private static OptionalDouble choice(Asked asked, List<Forced> candidates) {
    if (candidates.isEmpty()) {
      return OptionalDouble.empty();
    }
    int best =
        IntStream.range(0, candidates.size())
            .boxed()
            .max(Comparator.comparingDouble(i -> candidates.get(i).meanLnp()))
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
