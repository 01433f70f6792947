package io.kvasir.engine.perplexity;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.LogitSink;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import java.util.Arrays;
import java.util.List;

/**
 * What rounding in a model's arithmetic does to its predictions: the same text passes one model
 * loaded twice, in two precisions, and their next-token distributions are compared in the second
 * half of each chunk, as {@link Perplexity} compares plans. Twice: read as part of a prompt, and
 * decoded after the first half.
 *
 * @param plan of both caches
 * @param chunkTokens tokens of a chunk, at least 4
 * @param mostChunks to read, at least 1
 */
public record Rounding(KvPlan plan, int chunkTokens, int mostChunks) {
  /**
   * @throws IllegalArgumentException names the value that is out of range
   */
  public Rounding {
    Chunks.check(chunkTokens, mostChunks);
  }

  /**
   * Measures. Holds the logits of half a chunk, [chunkTokens / 2][V] f32.
   *
   * @param base in the precision that counts as right
   * @param rounded the same model in the one that is measured
   * @param ids the text, without BOS
   * @param listener hears of passes done, and may end the measurement
   * @throws IllegalArgumentException the text does not fill one chunk
   * @throws io.kvasir.engine.ContextException a chunk is longer than the model's context
   */
  public RoundingResult measure(Model base, Model rounded, int[] ids, PassListener listener) {
    Tally prompts = new Tally();
    Tally decoded = new Tally();
    int done = 0;
    List<int[]> chunks = new Chunks(chunkTokens, mostChunks).of(base, ids);
    for (int[] chunk : chunks) {
      listener.progressed(done++, 2 * chunks.size());
      compare(base, rounded, chunk, chunkTokens, prompts);
      listener.progressed(done++, 2 * chunks.size());
      compare(base, rounded, chunk, chunkTokens / 2, decoded);
    }
    listener.progressed(done, 2 * chunks.size());
    String precision = base.precision().toString();
    return new RoundingResult(
        base.name(),
        plan.toString(),
        rounded.precision().toString(),
        chunks.size(),
        chunkTokens,
        prompts.tokens(),
        prompts.divergence(precision),
        decoded.divergence(precision));
  }

  /**
   * @param prompt tokens that are read as a prompt
   */
  private void compare(Model base, Model rounded, int[] chunk, int prompt, Tally tally) {
    float[][] expected = new float[chunk.length][];
    try (Sequence sequence = base.sequence(plan)) {
      sequence.predict(chunk, prompt, new SecondHalf(base, chunk, (row, of) -> expected[row] = of));
    }
    try (Sequence sequence = rounded.sequence(plan)) {
      sequence.predict(
          chunk,
          prompt,
          new SecondHalf(
              rounded,
              chunk,
              (row, logits) -> {
                tally.add(logits, chunk[row + 1]);
                tally.compare(expected[row], logits, chunk[row + 1]);
              }));
    }
  }

  /** Hears of a row's logits, [V]. */
  @FunctionalInterface
  private interface Listener {
    void predicted(int row, float[] logits);
  }

  /** Wants what the second half of a chunk predicts, but for the token that is not there. */
  private record SecondHalf(int tokens, int vocabulary, Listener listener) implements LogitSink {
    SecondHalf(Model model, int[] chunk, Listener listener) {
      this(chunk.length, model.config().vocabularySize(), listener);
    }

    @Override
    public boolean wants(int input, int row) {
      return row >= tokens / 2 && row < tokens - 1;
    }

    @Override
    public void accept(int input, int row, float[] logits, int at) {
      listener.predicted(row, Arrays.copyOfRange(logits, at, at + vocabulary));
    }
  }
}
