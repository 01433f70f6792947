package io.kvasir.cli;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.eval.cost.CostPlan;
import io.kvasir.eval.cost.CostRun;
import io.kvasir.eval.run.SweepListener;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.task.Corpus;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The part of a sweep that measures what plans cost.
 *
 * @param plan what is measured
 * @param prose what prompts are made of
 * @param threads that compute
 */
record EvalCost(CostPlan plan, Corpus prose, int threads) {
  /** No token is longer than that on the average. */
  private static final int CHARACTERS = 16;

  /**
   * Measures one model.
   *
   * @return how many measurements failed; they are told on standard error
   */
  int run(ModelFile file, String runId, Results results, SweepListener listener) {
    CostRun.Outcome outcome =
        CostRun.run(
            plan,
            runId,
            file.fingerprint(),
            tokens -> prompt(file.tokenizer(), tokens),
            CostProcess.of(file, threads, listener::check),
            results,
            listener);
    outcome.failed().forEach(Terminal::tell);
    outcome.remarks().forEach(Terminal::tell);
    return outcome.failed().size();
  }

  /** The beginning of the prose, from the start again where it is too short. */
  private List<Integer> prompt(Tokenizer tokenizer, int tokens) {
    String text = prose.text();
    String beginning = text.substring(0, Math.min(text.length(), CHARACTERS * tokens));
    int[] ids = tokenizer.withBos(tokenizer.encode(beginning, false));
    return IntStream.range(0, tokens).map(i -> ids[i % ids.length]).boxed().toList();
  }
}
