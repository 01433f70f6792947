package io.kvasir.kv;

import io.kvasir.kernel.Workers;
import io.kvasir.kv.codec.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a prompt exactly, layer by layer: all its rows pass layer l as f32, then each cache takes
 * over what its plan keeps of that layer, in the form its plan stores, then comes l+1. So the
 * prompt's own pass sees every pair exactly, one pass can fill caches of different plans, and what
 * is held at most is the finished caches and one raw layer.
 *
 * <p>For each layer, in order: {@link #append} and {@link #attend} for tiles of rows in order, then
 * {@link #endLayer}; at the end {@link #finish}. Not thread-safe. Closing frees the raw layer; the
 * caches stay with their owners, and before {@link #finish} it empties them again.
 */
public final class Prefill implements AutoCloseable {
  private static final Codec RAW = KvPlan.F32.keyCodec(0);
  private static final Codec HELD = KvPlan.FULL.keyCodec(0);

  private final List<KvCache> targets;
  private final KvModel model;
  private final KvShape shape;
  private final PagePool pool;
  private final Workers workers;
  private final Attention attention;
  private final Arithmetic arithmetic;
  private final Signals signals;
  private final List<HeldBack> heldBack = new ArrayList<>();
  private final List<HeldPrompt> heldPrompts = new ArrayList<>();
  private LayerStore raw;
  private int layer;
  private int seen;
  private boolean finished;
  private boolean closed;

  /** Layers that wait for a budget over the whole sequence, and their scores. */
  private record HeldBack(
      KvCache target, Cut cut, List<LayerStore> layers, List<Cut.Scored> scored) {}

  /**
   * @param targets empty caches of one model, over one pool
   * @param tokens length of the prompt
   * @param arithmetic how its rows are computed
   */
  public Prefill(
      List<KvCache> targets,
      int tokens,
      Arithmetic arithmetic,
      Attention attention,
      Workers workers) {
    KvCache first = targets.getFirst();
    this.model = first.model();
    for (KvCache target : targets) {
      if (target.seen() != 0 || !target.shape().equals(first.shape())) {
        throw new IllegalArgumentException(
            "an exact prefill fills empty caches of one model; one has seen "
                + target.seen()
                + " tokens");
      }
      Optional<PromptReplay> replay = target.plan().signals().replay();
      if (replay.isPresent()) {
        heldPrompt(target.plan(), replay.get(), tokens, first.pool()).add(target);
      } else if (target.plan().drops() && target.plan().budget().global()) {
        heldBack.add(
            new HeldBack(
                target,
                Cut.of(target.plan(), model, tokens, tokens),
                new ArrayList<>(),
                new ArrayList<>()));
      }
    }
    this.targets = List.copyOf(targets);
    this.shape = model.shape();
    this.pool = first.pool();
    this.workers = workers;
    this.attention = attention;
    this.arithmetic = arithmetic;
    this.signals = union(targets);
    this.raw = rawLayer(0);
    pool.hold(); // a raw layer takes the memory of the one before
  }

  /**
   * Appends the next rows of a layer.
   *
   * @param k rotated keys, [rows][G*D]
   * @param v values, [rows][G*D]
   */
  public void append(int layer, int rows, float[] k, float[] v) {
    expect(layer);
    raw.append(k, v, 0, rows, seen, workers);
    seen += rows;
  }

  /**
   * Attends with the rows appended last.
   *
   * @param firstRow position of the first of them
   * @param q rotated queries, not scaled, [rows][H*D]
   * @param out receives [rows][H*D of a value]
   */
  public void attend(int layer, int firstRow, int rows, float[] q, float[] out) {
    expect(layer);
    attention.attend(raw, rows, firstRow, arithmetic, q, out);
  }

  /** Ends a layer: every cache takes over its pairs, and the raw ones are freed. */
  public void endLayer(int layer) {
    expect(layer);
    heldPrompts.forEach(held -> takeAll(held.full()));
    for (KvCache target : targets) {
      long start = System.nanoTime();
      take(target);
      target.compressedSince(start);
    }
    raw.release();
    this.layer = layer + 1;
    if (this.layer < shape.layers().size()) {
      raw = rawLayer(this.layer);
      seen = 0;
    } else {
      heldPrompts.forEach(held -> held.full().loaded(seen));
    }
  }

  /**
   * The prompt as it is to be replayed once all layers have ended, each time by passes through
   * {@link HeldPrompt#reading}.
   */
  public List<HeldPrompt> heldPrompts() {
    return List.copyOf(heldPrompts);
  }

  /** Ends the prompt: budgets over the whole sequence are settled now. */
  public void finish() {
    expect(shape.layers().size());
    for (HeldBack held : heldBack) {
      long start = System.nanoTime();
      int[][][] kept = held.cut().select(held.scored());
      for (int i = 0; i < kept.length; i++) {
        load(held.target(), held.cut(), held.scored().get(i), held.layers().get(i), kept[i]);
        held.layers().get(i).release();
      }
      held.layers().clear();
      held.target().compressedSince(start);
    }
    for (HeldPrompt held : heldPrompts) {
      for (KvCache target : held.targets()) {
        long start = System.nanoTime();
        settle(held, target);
        target.compressedSince(start);
      }
      held.close();
    }
    for (KvCache target : targets) {
      target.loaded(seen);
    }
    finished = true;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    raw.release();
    pool.letGo();
    if (!finished) {
      targets.forEach(KvCache::clear);
    }
    for (HeldBack held : heldBack) {
      held.layers().forEach(LayerStore::release);
      held.layers().clear();
    }
    heldPrompts.forEach(HeldPrompt::close);
  }

  /** The held prompt that serves a plan, made if need be. */
  private HeldPrompt heldPrompt(KvPlan plan, PromptReplay replay, int tokens, PagePool pool) {
    for (HeldPrompt held : heldPrompts) {
      if (held.serves(plan, replay)) {
        return held;
      }
    }
    heldPrompts.add(new HeldPrompt(replay, HeldPrompt.form(plan), model, tokens, pool));
    return heldPrompts.getLast();
  }

  /** Cuts a prompt that has been replayed. */
  private void settle(HeldPrompt held, KvCache target) {
    Cut cut = Cut.of(target.plan(), model, seen, seen);
    List<Cut.Scored> scored = held.scored(cut, workers);
    boolean global = target.plan().budget().global();
    int[][][] together = global && !scored.isEmpty() ? cut.select(scored) : new int[0][][];
    for (int i = 0; i < scored.size(); i++) {
      int[][] kept = global ? together[i] : cut.select(List.of(scored.get(i)))[0];
      load(target, cut, scored.get(i), held.full().layer(scored.get(i).layer()), kept);
    }
  }

  private void take(KvCache target) {
    boolean replayed = heldPrompts.stream().anyMatch(held -> held.targets().contains(target));
    if (replayed && target.layer(layer).shape().compressible()) {
      return;
    }
    KvPlan plan = target.plan();
    LayerStore store = target.layer(layer);
    store.loadQueries(raw);
    if (!plan.drops() || !store.shape().compressible()) {
      takeAll(target);
      return;
    }
    for (HeldBack held : heldBack) {
      if (held.target() == target) {
        holdBack(held, store);
        return;
      }
    }
    Cut cut = Cut.of(plan, model, seen, seen);
    Cut.Scored scored = cut.score(layer, store.viewOf(raw, seen, workers), raw.heads());
    load(target, cut, scored, raw, cut.select(List.of(scored))[0]);
  }

  private void takeAll(KvCache target) {
    LayerStore store = target.layer(layer);
    int first = store.shape().firstStored(seen);
    int[] kept = new int[seen - first];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = first + i;
    }
    workers.run(
        store.heads().length,
        (g, thread) -> {
          store.heads()[g].beginAt(first);
          store.load(g, raw.heads()[g], kept);
        });
    target.sealLoaded(layer, workers);
  }

  private void holdBack(HeldBack held, LayerStore store) {
    Cut.Scored scored = held.cut().score(layer, store.viewOf(raw, seen, workers), raw.heads());
    LayerStore waiting = new LayerStore(model.layer(layer), HELD, HELD, signals, pool);
    int[] all = BestPairs.all(seen);
    workers.run(waiting.heads().length, (g, thread) -> waiting.load(g, raw.heads()[g], all));
    held.layers().add(waiting);
    held.scored().add(new Cut.Scored(layer, waiting.heads(), scored.scores()));
  }

  /** Mergers may rewrite pairs: they work on a fork, since other caches read the same raw layer. */
  private void load(KvCache target, Cut cut, Cut.Scored scored, LayerStore source, int[][] kept) {
    LayerStore store = target.layer(scored.layer());
    workers.run(
        store.heads().length,
        (g, thread) -> {
          HeadStore pairs = source.heads()[g].fork(new ForkCopies());
          try {
            cut.merge(scored, g, pairs, kept[g]);
            store.load(g, pairs, kept[g]);
          } finally {
            pairs.release();
          }
        });
  }

  private LayerStore rawLayer(int index) {
    KvLayer of = model.layer(index);
    Signals recorded = of.shape().compressible() ? signals : Signals.of();
    return new LayerStore(of, RAW, RAW, recorded, pool);
  }

  private void expect(int given) {
    if (given != layer) {
      throw new IllegalStateException("layer " + given + " came when layer " + layer + " is open");
    }
  }

  private static Signals union(List<KvCache> targets) {
    Signals all = Signals.of();
    for (KvCache target : targets) {
      if (target.plan().drops()) {
        all = all.and(target.plan().signals());
      }
    }
    return all;
  }
}
