package io.kvasir.cli.demo;

import io.kvasir.cli.bench.Machine;
import io.kvasir.engine.FinishReason;
import io.kvasir.engine.Generation;
import io.kvasir.engine.GenerationOptions;
import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Shows what a compressed cache saves and what it loses. One exact prefill of the document fills a
 * cache per plan; every question is asked on a fork of each, so that no plan knows any question
 * when it compresses.
 *
 * <p>A plan is compared with the full cache twice: by what it answers on its own, and by the
 * probabilities it gives when it is led along the full cache's answer, token by token. The second
 * comparison sees losses that the first one is too coarse for.
 */
public final class Demo {
  private static final GenerationOptions ANSWER = GenerationOptions.DEFAULT.withMaxTokens(24);
  private static final double NANOS_PER_SECOND = 1e9;

  private final Model model;
  private final DemoDocument document;
  private final DemoPrompt prompt;
  private final List<PlanRun> runs;

  private Demo(Model model, DemoDocument document, List<PlanRun> runs) {
    this.model = model;
    this.document = document;
    this.prompt = DemoPrompt.of(model, document);
    this.runs = runs;
  }

  /**
   * @param plans the full cache first, as {@link DemoPlan#comparison} has it
   * @param version of Kvasir, for the record
   * @throws io.kvasir.engine.ContextException the document is longer than the model's context
   * @throws io.kvasir.kv.KvPlanException a plan cannot serve this model
   */
  public static DemoResult run(
      Model model,
      DemoDocument document,
      List<DemoPlan> plans,
      String version,
      DemoProgress progress) {
    List<PlanRun> runs = new ArrayList<>();
    try {
      for (DemoPlan plan : plans) {
        runs.add(new PlanRun(plan, model));
      }
      return new Demo(model, document, runs).run(version, progress);
    } finally {
      runs.forEach(PlanRun::close);
    }
  }

  private DemoResult run(String version, DemoProgress progress) {
    long start = System.nanoTime();
    model.read(runs.stream().map(PlanRun::document).toList(), prompt.document(), progress::reading);
    long read = System.nanoTime();
    for (int question = 0; question < document.facts().size(); question++) {
      ask(question, progress);
    }
    long asked = System.nanoTime();
    return new DemoResult(
        setup(version),
        text(),
        (read - start) / NANOS_PER_SECOND,
        (asked - read) / NANOS_PER_SECOND,
        runs.stream().map(PlanRun::result).toList());
  }

  private void ask(int question, DemoProgress progress) {
    PlanRun.Asked[] asked = new PlanRun.Asked[runs.size()];
    try {
      for (int i = 0; i < asked.length; i++) {
        // Another plan goes first each time, so that none bears alone what a first time costs.
        int run = (question + i) % asked.length;
        asked[run] =
            runs.get(run)
                .ask(document.facts().get(question), prompt.questions().get(question), ANSWER);
        progress.asking(question * asked.length + i + 1, document.facts().size() * asked.length);
      }
      lead(asked);
    } finally {
      for (PlanRun.Asked one : asked) {
        if (one != null) {
          one.sequence().close();
        }
      }
    }
  }

  /** Leads every plan along the full cache's answer and compares what comes next. */
  private void lead(PlanRun.Asked[] asked) {
    List<Sequence> sequences = Arrays.stream(asked).map(PlanRun.Asked::sequence).toList();
    float[][] logits = Arrays.stream(asked).map(PlanRun.Asked::logits).toArray(float[][]::new);
    Generation answer = asked[0].answer();
    // The end of the answer is a choice as well, where the model made it.
    int choices = answer.ids().size() + (answer.finishReason() == FinishReason.STOP ? 1 : 0);
    for (int choice = 0; choice < choices; choice++) {
      if (choice > 0) {
        int[] ids = new int[sequences.size()];
        Arrays.fill(ids, answer.ids().get(choice - 1));
        logits = model.step(sequences, ids);
      }
      for (int run = 0; run < logits.length; run++) {
        runs.get(run).compare(logits[0], logits[run]);
      }
    }
  }

  private DemoResult.Setup setup(String version) {
    return new DemoResult.Setup(
        version,
        model.name(),
        model.fingerprint(),
        model.precision().toString(),
        model.threads(),
        "exact",
        "greedy",
        ANSWER.sampling().seed(),
        Machine.describe());
  }

  private DemoResult.Text text() {
    return new DemoResult.Text(
        document.source(),
        document.text().length(),
        prompt.document().length,
        document.facts().size(),
        Arrays.stream(prompt.positions(model.tokenizer(), document.facts())).boxed().toList());
  }
}
