package io.kvasir.engine.model;

import io.kvasir.engine.Precision;
import io.kvasir.engine.model.OutputHead.Wanted;
import io.kvasir.engine.model.Steps.Slice;
import io.kvasir.kernel.Bf16Products;
import io.kvasir.kernel.Floats;
import io.kvasir.kernel.OneDnn;
import io.kvasir.kernel.Rotary;
import io.kvasir.kernel.Workers;
import io.kvasir.kv.Arithmetic;
import io.kvasir.kv.Attention;
import io.kvasir.kv.Calibrations;
import io.kvasir.kv.HeldPrompt;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvShape;
import io.kvasir.kv.PagePool;
import io.kvasir.kv.Prefill;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The forward pass. Rows go through the layers in tiles of at most {@value #TILE}, so that buffers
 * stay bounded; what a row becomes depends neither on its tile, nor on what else is in the batch,
 * nor on the number of threads.
 *
 * <p>Not thread-safe: one pass at a time. Owns buffers on the heap only; weights and workers stay
 * with their owner.
 */
public final class Transformer {
  static final int TILE = 512;

  private final ModelConfig config;
  private final KvShape shape;
  private final Weights weights;
  private final Workers workers;
  private final Precision precision;
  private final Attention attention;
  private final List<Rotary> rotaries = new ArrayList<>(); // of the layers
  private final List<Layer> decoded = new ArrayList<>();
  private final List<Layer> prompts; // the same layers on prompt rows
  private final OutputHead head;
  private final Tile tile;
  private float[] states = {}; // [T][hidden], of a step

  /**
   * A pass over these weights.
   *
   * @param precision {@link Precision#FAST} multiplies prompt rows in bf16 where that can be had
   */
  public Transformer(ModelConfig config, Weights weights, Workers workers, Precision precision) {
    this.config = config;
    this.shape = config.kvShape();
    this.weights = weights;
    this.workers = workers;
    this.precision = precision;
    this.attention = new Attention(workers);
    Multiplier multiplier = new Multiplier(precision, workers);
    this.head = new OutputHead(config, weights, multiplier);
    this.tile = new Tile(config);
    Map<Rope, Rotary> made = new HashMap<>();
    List<LayerRows> rows = new ArrayList<>();
    for (int l = 0; l < config.layers().size(); l++) {
      LayerConfig layer = config.layers().get(l);
      LayerWeights of = weights.layers().get(l);
      Rotary rotary = made.computeIfAbsent(layer.rope(), this::rotary);
      rotaries.add(rotary);
      rows.add(new LayerRows(config, layer, of, rotary));
      decoded.add(new Block(config, of, rows.getLast(), multiplier, workers));
    }
    prompts = precision == Precision.FAST && OneDnn.available() ? inBf16(rows) : decoded;
  }

  private List<Layer> inBf16(List<LayerRows> rows) {
    Bf16Products products = new Bf16Products(workers);
    PromptBlock.Rounded rounded = new PromptBlock.Rounded(config);
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < rows.size(); l++) {
      LayerWeights of = weights.layers().get(l);
      layers.add(new PromptBlock(config, of, rows.get(l), products, rounded, workers));
    }
    return layers;
  }

  /** The model as its caches see it. */
  public KvModel kvModel(Calibrations calibrations) {
    return new KvModel(shape, rotaries, calibrations);
  }

  /**
   * Prompts that are to go through the layers together, to be looked at on their way.
   *
   * @param prompts each a text of its own, 1 to N tokens
   * @throws IllegalArgumentException as {@link #forward}
   */
  public LayerWalk walk(List<int[]> prompts, PagePool pool) {
    prompts.forEach(ids -> check(0, ids));
    return new LayerWalk(this, prompts, pool);
  }

  ModelConfig config() {
    return config;
  }

  Tile tile() {
    return tile;
  }

  /** An exact prefill of one prompt. */
  Prefill exactPrefill(List<KvCache> targets, int tokens) {
    return new Prefill(targets, tokens, arithmetic(Role.PROMPT), attention, workers);
  }

  List<Layer> layers(Role role) {
    return role == Role.PROMPT ? prompts : decoded;
  }

  private Rotary rotary(Rope rope) {
    float[] factors = rope.factors() ? weights.ropeFactors() : new float[0];
    return new Rotary(
        rope.pairs(), rope.dim(), rope.base(), factors, rope.scaling(), config.contextLength());
  }

  /**
   * Passes the next tokens of several sequences, each with its own plan and cache, as if one by
   * one: where a cache must cut, the pass is split. When a step has ended and its logits are handed
   * out, its tokens are in the caches.
   *
   * @param inputs no cache twice
   * @throws IllegalArgumentException for a token outside the vocabulary, a sequence that would
   *     outgrow the context, a cache of another model; nothing has happened then
   */
  public void forward(List<Input> inputs, LogitSink sink) {
    forward(inputs, head.before(sink));
  }

  /**
   * The same for one sequence, as far as the output head.
   *
   * @return the final hidden state of every token, [N][hidden], before the last norm
   * @throws IllegalArgumentException as {@link #forward}
   */
  public float[][] states(Input input) {
    StateRows rows = new StateRows(input.ids().length, config.hidden());
    forward(List.of(input), rows);
    return rows.states();
  }

  /**
   * The logits that a pass would have given where it gave these states, bit for bit.
   *
   * @param states of {@link #states}, [N][hidden]
   * @param sink gets all of them; the row is the index in states, the input 0
   */
  public void logits(float[][] states, LogitSink sink) {
    List<Wanted> all = new ArrayList<>();
    for (int i = 0; i < states.length; i++) {
      all.add(new Wanted(0, i, states[i], 0));
    }
    head.emit(all, sink);
  }

  private void forward(List<Input> inputs, RowSink sink) {
    for (int i = 0; i < inputs.size(); i++) {
      check(inputs.get(i).cache(), inputs.get(i).ids());
      for (int j = 0; j < i; j++) {
        if (inputs.get(i).cache() == inputs.get(j).cache()) {
          throw new IllegalArgumentException(
              "inputs %d and %d are the same sequence".formatted(j, i));
        }
      }
    }
    Steps steps = new Steps(inputs);
    for (List<Slice> next = steps.next(); !next.isEmpty(); next = steps.next()) {
      step(inputs, next, sink);
    }
  }

  private void step(List<Input> inputs, List<Slice> slices, RowSink sink) {
    int rows = slices.stream().mapToInt(Slice::rows).sum();
    tile.reserve(rows);
    if (states.length < rows * config.hidden()) {
      states = new float[rows * config.hidden()];
    }
    List<Attention.Span> spans = new ArrayList<>();
    List<Wanted> wanted = new ArrayList<>();
    int row = 0;
    for (Slice slice : slices) {
      KvCache cache = inputs.get(slice.input()).cache();
      Arithmetic arithmetic = arithmetic(inputs.get(slice.input()).role());
      spans.add(new Attention.Span(cache, row, slice.rows(), cache.seen(), arithmetic));
      place(row, slice.rows(), cache.seen());
      embed(inputs.get(slice.input()).ids(), slice.from(), slice.rows(), states, row);
      wanted.addAll(wanted(slice.input(), slice.from(), slice.rows(), states, row, sink));
      row += slice.rows();
    }
    List<Layer> layers = layers(inputs.get(slices.getFirst().input()).role());
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).project(states, rows, tile);
      attention.pass(l, spans, tile.query, tile.key, tile.value, tile.attended);
      finish(layers, l, states, rows, wanted);
    }
    for (Attention.Span span : spans) {
      span.cache().endStep(workers);
    }
    sink.accept(wanted);
  }

  /**
   * Exact prefill: the whole prompt passes layer by layer once, every pair exact, and every cache
   * takes over what its plan keeps. Holds the hidden states of all N tokens, [N][hidden] f32.
   *
   * <p>When anything is thrown, by the listener for example, the targets hold part of the prompt;
   * close them.
   *
   * @param targets empty caches of any plans
   * @param ids the prompt, at least one token
   * @param sink asked before the first layer, given its logits after the last; the prompt is input
   *     0
   * @throws IllegalArgumentException as {@link #forward}
   */
  public void prefill(List<KvCache> targets, int[] ids, LogitSink sink, PassListener listener) {
    List<KvPlan> plans = targets.stream().map(KvCache::plan).toList();
    Function<String, int[]> none =
        text -> {
          throw new IllegalStateException("a plan replays its prompt; expected a tokenizer");
        };
    prefill(targets, ids, Replays.of(plans, ids, config.contextLength(), none), sink, listener);
  }

  /**
   * The same for plans whose scorers have the prompt replayed.
   *
   * @param replays of the prompt, for the plans of the targets
   */
  public void prefill(
      List<KvCache> targets, int[] ids, Replays replays, LogitSink sink, PassListener listener) {
    for (KvCache target : targets) {
      check(target, ids);
    }
    float[][] chunks = new float[Math.ceilDiv(ids.length, TILE)][];
    List<List<Wanted>> wanted = new ArrayList<>();
    RowSink rowSink = head.before(sink);
    tile.reserve(Math.min(TILE, ids.length));
    try (Prefill prefill = exactPrefill(targets, ids.length)) {
      for (int c = 0; c < chunks.length; c++) {
        chunks[c] = new float[rows(ids, c) * config.hidden()];
        embed(ids, c * TILE, rows(ids, c), chunks[c], 0);
        wanted.add(wanted(0, c * TILE, rows(ids, c), chunks[c], 0, rowSink));
      }
      List<Layer> layers = layers(Role.PROMPT);
      int total = Math.multiplyExact(ids.length + replays.tokens(prefill), layers.size());
      for (int l = 0; l < layers.size(); l++) {
        for (int c = 0; c < chunks.length; c++) {
          int rows = rows(ids, c);
          place(0, rows, c * TILE);
          layers.get(l).project(chunks[c], rows, tile);
          prefill.append(l, rows, tile.key, tile.value);
          prefill.attend(l, c * TILE, rows, tile.query, tile.attended);
          finish(layers, l, chunks[c], rows, wanted.get(c));
          listener.progressed(l * ids.length + c * TILE + rows, total);
        }
        prefill.endLayer(l);
      }
      replay(prefill, replays, listener, ids.length, total);
      prefill.finish();
    }
    wanted.forEach(some -> head.emit(some, sink));
  }

  /** Reads a prompt of {@code read} tokens again, as often as its plans want. */
  private void replay(
      Prefill prefill, Replays replays, PassListener listener, int read, int total) {
    int done = read;
    for (HeldPrompt held : prefill.heldPrompts()) {
      for (Replays.Chunk chunk : replays.chunks(held.replay())) {
        int[] ids = chunk.ids();
        try (KvCache reading = held.reading(chunk.from(), chunk.to())) {
          for (int at = 0, end; at < ids.length; at = end) {
            end = Math.min(ids.length, at + TILE);
            int[] tile = Arrays.copyOfRange(ids, at, end);
            forward(List.of(new Input(reading, tile, Role.PROMPT)), LogitSink.NONE);
            done += end - at;
            listener.progressed(done * config.layers().size(), total);
          }
        }
      }
    }
  }

  /**
   * Bytes that {@link #prefill} holds on the heap for a prompt: hidden states, the buffers of a
   * tile, and one row of logits with its copy.
   */
  public static long prefillHeapBytes(ModelConfig config, int tokens) {
    long states = (long) Float.BYTES * config.hidden() * (tokens + 1L);
    long logits = 2L * Float.BYTES * config.vocabularySize();
    return states + Tile.bytes(config, Math.min(TILE, tokens)) + logits;
  }

  /**
   * Finishes a layer; the last one for wanted rows alone, which move to the front of the tile. The
   * others have given their pairs, and nobody looks at what they would become.
   */
  private void finish(List<Layer> layers, int l, float[] x, int rows, List<Wanted> wanted) {
    if (l < layers.size() - 1) {
      layers.get(l).finish(x, rows, tile);
      return;
    }
    int width = config.layers().get(l).outputWidth();
    for (int i = 0; i < wanted.size(); i++) {
      Wanted w = wanted.get(i);
      System.arraycopy(x, w.at() * config.hidden(), x, i * config.hidden(), config.hidden());
      System.arraycopy(tile.attended, w.at() * width, tile.attended, i * width, width);
      wanted.set(i, new Wanted(w.input(), w.row(), x, i));
    }
    if (!wanted.isEmpty()) {
      layers.get(l).finish(x, wanted.size(), tile);
    }
  }

  private Arithmetic arithmetic(Role role) {
    return switch (precision) {
      case EXACT -> Arithmetic.EXACT;
      case FAST -> role == Role.PROMPT ? Arithmetic.PROMPT : Arithmetic.DECODED;
    };
  }

  static int rows(int[] ids, int chunk) {
    return Math.min(TILE, ids.length - chunk * TILE);
  }

  void place(int row, int rows, int position) {
    for (int r = 0; r < rows; r++) {
      tile.positions[row + r] = position + r;
    }
  }

  void embed(int[] ids, int from, int rows, float[] x, int row) {
    workers.run(
        rows,
        (r, thread) -> {
          int at = (row + r) * config.hidden();
          weights.embedding().row(ids[from + r], x, at);
          if (config.embeddingScale() != 1) {
            Floats.scale(config.embeddingScale(), x, at, config.hidden());
          }
        });
  }

  /** Those of a slice's rows whose logits somebody wants. */
  private static List<Wanted> wanted(
      int input, int from, int rows, float[] x, int row, RowSink sink) {
    List<Wanted> wanted = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      if (sink.wants(input, from + r)) {
        wanted.add(new Wanted(input, from + r, x, row + r));
      }
    }
    return wanted;
  }

  private void check(KvCache cache, int[] ids) {
    if (!cache.shape().equals(shape)) {
      throw new IllegalArgumentException("the cache has the shape of another model");
    }
    check(cache.seen(), ids);
  }

  private void check(int seen, int[] ids) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("a pass needs at least one token, got none");
    }
    if (ids.length > config.contextLength() - seen) {
      throw new IllegalArgumentException(
          "%d tokens after %d exceed the context of %d"
              .formatted(ids.length, seen, config.contextLength()));
    }
    for (int id : ids) {
      if (id < 0 || id >= config.vocabularySize()) {
        throw new IllegalArgumentException(
            "token %d is outside the vocabulary of %d".formatted(id, config.vocabularySize()));
      }
    }
  }
}
