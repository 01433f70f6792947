package io.kvasir.engine.perplexity;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Perplexity of a text, measured as llama.cpp's {@code llama-perplexity} does: the text is cut into
 * chunks of the same length, each read for itself by an empty cache; its first half is the prompt,
 * the tokens of its second half are scored. Where the model wants a BOS token, it takes the place
 * of each chunk's first one. A rest that fills no chunk is left out.
 *
 * <p>With a base plan the same tokens pass a second cache, and the two next-token distributions are
 * compared at every scored token, as with {@code --kl-divergence} there.
 *
 * @param plan that is measured
 * @param base plan to compare with
 * @param prefill how the first half is read. Only {@link PrefillMode#CODED} is what llama.cpp does;
 *     {@link PrefillMode#EXACT} lets it attend to exact pairs
 * @param chunkTokens tokens of a chunk, at least 4
 * @param mostChunks to read, at least 1
 */
public record Perplexity(
    KvPlan plan, Optional<KvPlan> base, PrefillMode prefill, int chunkTokens, int mostChunks) {
  /** Logits held at once: rows times vocabulary. */
  private static final int LOGITS_AT_ONCE = 1 << 22;

  /**
   * @throws IllegalArgumentException names the value that is out of range
   */
  public Perplexity {
    Chunks.check(chunkTokens, mostChunks);
  }

  /**
   * Measures.
   *
   * @param ids the text, without BOS
   * @param listener hears of chunks done, and may end the measurement
   * @throws IllegalArgumentException the text does not fill one chunk
   * @throws io.kvasir.engine.ContextException a chunk is longer than the model's context
   */
  public PerplexityResult measure(Model model, int[] ids, PassListener listener) {
    List<int[]> chunks = new Chunks(chunkTokens, mostChunks).of(model, ids);
    Tally tally = new Tally();
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      int before = chunk;
      score(model, chunks.get(chunk), tally, () -> listener.progressed(before, chunks.size()));
    }
    listener.progressed(chunks.size(), chunks.size());
    return new PerplexityResult(
        plan.toString(),
        prefill.toString(),
        model.precision().toString(),
        chunks.size(),
        chunkTokens,
        tally.tokens(),
        tally.perplexity(),
        base.map(other -> tally.divergence(other.toString())));
  }

  /**
   * @param alive called often, may throw to end the measurement
   */
  private void score(Model model, int[] tokens, Tally tally, Runnable alive) {
    int[] prompt = Arrays.copyOf(tokens, chunkTokens / 2);
    int rows = Math.max(1, LOGITS_AT_ONCE / model.config().vocabularySize());
    try (Sequence sequence = model.sequence(plan);
        Sequence other = model.sequence(base.orElse(plan))) {
      sequence.read(prompt, prefill, (done, total) -> alive.run());
      if (base.isPresent()) {
        other.read(prompt, prefill, (done, total) -> alive.run());
      }
      for (int at = prompt.length, end; at < chunkTokens - 1; at = end) {
        end = Math.min(chunkTokens - 1, at + rows);
        int[] next = Arrays.copyOfRange(tokens, at, end);
        float[][] logits = sequence.follow(next);
        float[][] baseLogits = base.isPresent() ? other.follow(next) : new float[0][];
        for (int r = 0; r < next.length; r++) {
          tally.add(logits[r], tokens[at + r + 1]);
          if (base.isPresent()) {
            tally.compare(baseLogits[r], logits[r], tokens[at + r + 1]);
          }
        }
        alive.run();
      }
    }
  }
}
