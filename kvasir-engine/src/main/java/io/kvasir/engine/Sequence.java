package io.kvasir.engine;

import io.kvasir.engine.model.LogitSink;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.Arrays;
import java.util.List;

/**
 * A text that a model reads and continues: its tokens and their key-value cache, kept by one plan.
 *
 * <p>For one thread at a time; different sequences of a model may be used at once. Must be closed,
 * before its model. A pass that throws closes the sequence; what is refused before (too long, no
 * token) leaves it as it is.
 */
public final class Sequence implements AutoCloseable {
  private final Model model;
  private final Passes passes;
  private final KvCache cache;
  private int[] ids = new int[64]; // the first seen() of them
  private int seen;
  private long readNanos;
  private boolean closed;

  Sequence(Model model, Passes passes, KvCache cache) {
    this.model = model;
    this.passes = passes;
    this.cache = cache;
  }

  public Model model() {
    return model;
  }

  public KvPlan plan() {
    return cache.plan();
  }

  /**
   * The pairs: how many, how large, which positions. Only to be looked at.
   *
   * @throws IllegalStateException the sequence is closed
   */
  public KvCache cache() {
    if (closed) {
      throw new IllegalStateException(
          "this sequence is closed, by its owner or by a pass that failed");
    }
    return cache;
  }

  /** Whether it is neither closed by its owner nor by a pass that failed. */
  public boolean isOpen() {
    return !closed;
  }

  /** Tokens read and decoded so far. */
  public int seen() {
    return seen;
  }

  /** Those tokens, [seen]. */
  public int[] ids() {
    return Arrays.copyOf(ids, seen);
  }

  /** The last {@code most} of them, or as many as there are. */
  int[] lastIds(int most) {
    return Arrays.copyOfRange(ids, Math.max(0, seen - most), seen);
  }

  /** How long the latest read took; 0 without one. */
  public long readNanos() {
    return readNanos;
  }

  /**
   * Reads tokens. Into an empty sequence: an exact prefill, after which the plan keeps what it
   * keeps. Later: as if one by one, so that each token sees the pairs as they are stored.
   *
   * @param ids [N], at least one
   * @return the logits after the last one, [V]
   * @throws ContextException they do not fit into the context any more
   * @throws io.kvasir.engine.fit.DoesNotFitException there is not the memory to read them exactly
   * @throws IllegalArgumentException there are none, or one is no token of the model
   */
  public float[] read(int[] ids, PassListener listener) {
    long start = System.nanoTime();
    float[] logits =
        seen == 0 ? passes.read(List.of(this), ids, listener) : passes.append(this, ids, listener);
    readNanos = System.nanoTime() - start;
    return logits;
  }

  /**
   * Reads a prompt into an empty sequence in a given mode, after which the plan keeps what it
   * keeps.
   *
   * @param ids [N], at least one
   * @return the logits after the last one, [V]
   * @throws ContextException they do not fit into the context
   * @throws IllegalArgumentException the sequence is not empty, there are no tokens, or one is no
   *     token of the model
   */
  public float[] read(int[] ids, PrefillMode mode, PassListener listener) {
    long start = System.nanoTime();
    float[] logits =
        mode.equals(PrefillMode.EXACT)
            ? passes.read(List.of(this), ids, listener)
            : passes.read(this, ids, mode, listener);
    readNanos = System.nanoTime() - start;
    return logits;
  }

  /**
   * Reads tokens as decoding would, as if one by one.
   *
   * @param ids [N], at least one
   * @return the logits after each of them, [N][V]: mind the size
   * @throws ContextException they do not fit into the context any more
   * @throws IllegalArgumentException there are none, or one is no token of the model
   */
  public float[][] follow(int[] ids) {
    return passes.follow(List.of(this), List.of(ids))[0];
  }

  /**
   * The same as far as the output head: what {@link #follow} gives can be had later of these, by
   * {@link Model#logits}, which take far less room.
   *
   * @param ids [N], at least one
   * @return the final hidden state of each of them, [N][hidden]
   * @throws ContextException they do not fit into the context any more
   * @throws IllegalArgumentException there are none, or one is no token of the model
   */
  public float[][] states(int[] ids) {
    return passes.states(this, ids);
  }

  /**
   * Decodes one token.
   *
   * @return the logits after it, [V]
   * @throws ContextException the context is full
   * @throws IllegalArgumentException it is no token of the model
   */
  public float[] step(int id) {
    return passes.step(List.of(this), new int[] {id})[0];
  }

  /**
   * Tells how probable a text is. The first {@code promptTokens} are prefilled and compressed, and
   * scored on the way; the rest is scored as token-by-token decoding would.
   *
   * @param ids [N], at least one
   * @param promptTokens 1 to N
   * @throws ContextException the text is longer than the context
   * @throws IllegalArgumentException the sequence is not empty, {@code promptTokens} is out of
   *     range, or an id is no token of the model
   */
  public Scores score(int[] ids, int promptTokens, PassListener listener) {
    return passes.score(this, ids, promptTokens, listener);
  }

  /**
   * Reads a text into an empty sequence and hands its predictions out: the first {@code
   * promptTokens} as a prompt is read, the others as tokens are decoded.
   *
   * @param ids [N], at least one
   * @param promptTokens 1 to N
   * @param sink asked for each of the N tokens; input is 0, row the token's index in ids
   * @throws ContextException the text is longer than the context
   * @throws IllegalArgumentException the sequence is not empty, {@code promptTokens} is out of
   *     range, or an id is no token of the model
   */
  public void predict(int[] ids, int promptTokens, LogitSink sink) {
    passes.predict(this, ids, promptTokens, sink);
  }

  /**
   * A sequence of the same content that goes its own way and is closed by itself. Pages are shared
   * until one of the two writes to them.
   */
  public Sequence fork() {
    Sequence fork = model.adopt(cache().fork());
    fork.saw(ids, 0, seen);
    fork.readNanos = readNanos;
    return fork;
  }

  /** Notes tokens {@code tokens[from .. from + count)} as seen. */
  void saw(int[] tokens, int from, int count) {
    if (seen + count > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(2 * ids.length, seen + count));
    }
    System.arraycopy(tokens, from, ids, seen, count);
    seen += count;
  }

  /** Frees the pages; further calls do nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      cache.close();
      model.sequenceClosed();
    }
  }
}
