package io.kvasir.eval.kld;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.InputException;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.Arrays;
import java.util.Optional;

/**
 * How far a plan takes the predictions from a base, measured as llama.cpp's {@code llama-perplexity
 * --kl-divergence} does: the text is cut into chunks, each is read by an empty cache, BOS first
 * where the model wants one, and the tokens of its second half are scored. Every token attends to
 * pairs as the plan stores them, those of the first half too ({@link PrefillMode#CODED}).
 *
 * <p>f16 in this engine is measured beside the plan. Against a file of another engine, what f16 is
 * away from it is the floor: no plan is to blame for that.
 *
 * @param plan that is measured
 * @param base opened, used up by one measurement, and closed by who opened it
 */
public record Kld(KvPlan plan, KldBase base) {
  /** Logits held at once: rows times vocabulary. */
  private static final int LOGITS_AT_ONCE = 1 << 22;

  /**
   * Measures.
   *
   * @param text the user's; may be absent where the base {@link KldBase#hasText}
   * @param listener hears of chunks done, and may end the measurement
   * @throws InputException text, base and model do not fit each other
   * @throws io.kvasir.engine.ContextException a chunk is longer than the model's context
   */
  public KldResult measure(Model model, Optional<String> text, PassListener listener) {
    KldText chunks = base.begin(model, text);
    int count = chunks.chunks().size();
    KldTally tally = new KldTally();
    KldTally floor = new KldTally();
    for (int chunk = 0; chunk < count; chunk++) {
      int before = chunk;
      int[] ids = chunks.read(chunk, model.tokenizer());
      score(model, ids, tally, floor, () -> listener.progressed(before, count));
    }
    listener.progressed(count, count);
    base.finish();
    KldResult.Setting setting =
        new KldResult.Setting(
            model.name(),
            plan.toString(),
            base.name(),
            PrefillMode.CODED.toString(),
            model.precision().toString(),
            count,
            chunks.tokens());
    return tally.result(setting, floor);
  }

  /**
   * @param ids a chunk
   * @param alive called often, may throw to end the measurement
   */
  private void score(Model model, int[] ids, KldTally tally, KldTally floor, Runnable alive) {
    int[] prompt = Arrays.copyOf(ids, ids.length / 2);
    int last = ids.length - 1; // what follows it is not in the chunk
    int rows = Math.max(1, LOGITS_AT_ONCE / model.config().vocabularySize());
    try (Sequence f16 = model.sequence(KvPlan.FULL);
        Sequence sequence = model.sequence(plan)) {
      f16.read(prompt, PrefillMode.CODED, (done, total) -> alive.run());
      sequence.read(prompt, PrefillMode.CODED, (done, total) -> alive.run());
      for (int at = prompt.length, end; at < last; at = end) {
        end = Math.min(last, at + rows);
        int[] next = Arrays.copyOfRange(ids, at, end);
        float[][] exact = f16.follow(next);
        float[][] logits = sequence.follow(next);
        for (int r = 0; r < next.length; r++) {
          KldRow row = base.next(exact[r]);
          tally.add(row, logits[r], ids[at + r + 1]);
          floor.add(row, exact[r], ids[at + r + 1]);
        }
        alive.run();
      }
    }
  }
}
