package io.kvasir.engine.perplexity;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.Arrays;
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
    if (chunkTokens < 4) {
      throw new IllegalArgumentException("chunk-tokens=" + chunkTokens + " must be at least 4");
    }
    if (mostChunks < 1) {
      throw new IllegalArgumentException("chunks=" + mostChunks + " must be at least 1");
    }
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
    int[] text = model.tokenizer().withBos(ids);
    int chunks = Math.min(mostChunks, text.length / chunkTokens);
    if (chunks == 0) {
      throw new IllegalArgumentException(
          "the text has %d tokens; expected at least one chunk of %d"
              .formatted(text.length, chunkTokens));
    }
    Tally tally = new Tally();
    for (int chunk = 0; chunk < chunks; chunk++) {
      int[] tokens = Arrays.copyOfRange(text, chunk * chunkTokens, (chunk + 1) * chunkTokens);
      if (model.tokenizer().addsBos()) {
        tokens[0] = model.tokenizer().bos().orElseThrow();
      }
      int before = chunk;
      score(model, tokens, tally, () -> listener.progressed(before, chunks));
    }
    listener.progressed(chunks, chunks);
    return new PerplexityResult(
        plan.toString(),
        prefill.toString(),
        model.precision().toString(),
        chunks,
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
