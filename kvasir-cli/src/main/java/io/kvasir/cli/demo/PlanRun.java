package io.kvasir.cli.demo;

import io.kvasir.engine.Generation;
import io.kvasir.engine.GenerationListener;
import io.kvasir.engine.GenerationOptions;
import io.kvasir.engine.Generator;
import io.kvasir.engine.LogProbs;
import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import java.util.ArrayList;
import java.util.List;

/** One plan's cache, which has read the document, and what it has shown so far. */
final class PlanRun implements AutoCloseable {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private final DemoPlan plan;
  private final Sequence document;
  private final List<PlanResult.Answer> answers = new ArrayList<>();
  private final List<Double> ttftMillis = new ArrayList<>();
  private final List<Double> tokensPerSecond = new ArrayList<>();
  private int compared;
  private int agreed;
  private double divergence;

  PlanRun(DemoPlan plan, Model model) {
    this.plan = plan;
    this.document = model.sequence(plan.plan());
  }

  Sequence document() {
    return document;
  }

  /** What a question left behind: its sequence, ready to decode, and the logits after it, [V]. */
  record Asked(Sequence sequence, float[] logits, Generation answer) {}

  /** Asks on a fork, which the caller closes; answers on a fork of that. */
  Asked ask(Fact fact, int[] question, GenerationOptions options) {
    Sequence asked = document.fork();
    float[] logits;
    Generation answer;
    int steps;
    try {
      logits = asked.read(question, PassListener.NONE);
      try (Sequence answering = asked.fork()) {
        answer = Generator.generate(answering, logits, options, GenerationListener.NONE);
        steps = answering.seen() - asked.seen();
      }
    } catch (RuntimeException | Error e) {
      asked.close();
      throw e;
    }
    ttftMillis.add(asked.readNanos() / NANOS_PER_MILLI);
    tokensPerSecond.add(steps * NANOS_PER_SECOND / answer.decodeNanos());
    answers.add(
        new PlanResult.Answer(
            fact.question(), fact.number(), answer.text().strip(), fact.isIn(answer.text())));
    return new Asked(asked, logits, answer);
  }

  /** Compares this plan's logits with the full cache's after the same tokens, each [V]. */
  void compare(float[] full, float[] own) {
    compared++;
    agreed += LogProbs.argmax(full) == LogProbs.argmax(own) ? 1 : 0;
    divergence += LogProbs.kl(full, own);
  }

  PlanResult result() {
    return new PlanResult(
        plan.name(),
        plan.plan().toString(),
        document.cache().bytes(),
        (double) document.cache().bytes() / document.seen(),
        document.cache().pairs(),
        median(ttftMillis),
        median(tokensPerSecond),
        (double) agreed / compared,
        divergence / compared,
        (int) answers.stream().filter(PlanResult.Answer::found).count(),
        answers,
        KeptMap.of(document.cache()));
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  @Override
  public void close() {
    document.close();
  }
}
