package io.kvasir.kv;

import io.kvasir.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * The key-value cache of one sequence, kept by one plan. Pairs enter through {@link Attention} or
 * an exact {@link Prefill}; the plan's methods decide how they are stored and which of them stay.
 *
 * <p>Not thread-safe: one pass at a time. Must be closed; its pages go back to the pool. A fork
 * shares pages with its original until either writes to them, and is closed by itself.
 */
public final class KvCache implements AutoCloseable {
  private final KvPlan plan;
  private final KvModel model;
  private final PagePool pool;
  private final CacheStores stores;
  private final LayerStore[] layers;
  private int seen;
  private int arriving;
  private int sinceCut;
  private long compressNanos;
  private boolean promptRead;
  private int prompt; // tokens of it, once it has been read
  private boolean closed;

  private KvCache(KvPlan plan, KvModel model, PagePool pool, CacheStores stores) {
    this.plan = plan;
    this.model = model;
    this.pool = pool;
    this.stores = stores;
    this.layers = stores.layers();
  }

  /**
   * An empty cache.
   *
   * @throws KvPlanException when the plan cannot serve a model of this shape
   */
  public static KvCache create(KvPlan plan, KvModel model, PagePool pool) {
    plan.check(model);
    if (plan.signals().needs(Signals.Kind.QUERY_MOMENTS)) {
      model.layer(0).rotary(); // refused where nothing is rotated, before any prompt is read
    }
    plan.checkCalibrated(model.calibrations());
    return new KvCache(plan, model, pool, CacheStores.create(plan, model, pool));
  }

  public KvPlan plan() {
    return plan;
  }

  public KvShape shape() {
    return model.shape();
  }

  KvModel model() {
    return model;
  }

  /** Tokens seen, whether or not their pairs are still stored: the position of the next one. */
  public int seen() {
    return seen;
  }

  /** Pairs stored, over all layers and KV heads. */
  public long pairs() {
    long pairs = 0;
    for (LayerStore layer : layers) {
      pairs += layer.pairs();
    }
    return pairs;
  }

  /**
   * Which part of what the newest token attends to is not what it was: of the pairs in its reach,
   * over all layers and KV heads, those that were dropped or that stand in codes which are not
   * {@link io.kvasir.kv.codec.Codec#exact exact}. In [0, 1]; 0 for an empty cache. Pairs that a
   * reader passes by are not counted.
   */
  public double codedShare() {
    long reach = 0;
    long exact = 0;
    for (LayerStore layer : layers) {
      int window = layer.shape().window();
      int inReach = window == 0 ? seen : Math.min(seen, window);
      for (int head = 0; head < layer.heads().length; head++) {
        reach += inReach;
        exact += Math.min(inReach, layer.heads()[head].count() - coded(layer.index(), head));
      }
    }
    return reach == 0 ? 0 : 1 - (double) exact / reach;
  }

  /**
   * Pairs of KV head {@code head} of a layer whose key or value stands in codes that are not {@link
   * io.kvasir.kv.codec.Codec#exact exact}, or was {@link io.kvasir.kv.codec.Shortening made} of
   * others: the first that many of its {@link #positions}.
   */
  public int coded(int layer, int head) {
    HeadStore pairs = layers[layer].heads()[head];
    int keys = plan.keyCodec(layer).exact() ? 0 : pairs.keys().coded();
    int values = plan.valueCodec(layer).exact() ? 0 : pairs.values().coded();
    return Math.max(pairs.made(), Math.max(keys, values));
  }

  /**
   * Bytes held for this sequence: pages with their unused slots, raw windows, positions, biases,
   * attention mass, recent queries. Pages shared with a fork count in both.
   */
  public long bytes() {
    return bytesByPart().all();
  }

  /** {@link #bytes}, by part. */
  public KvBytes bytesByPart() {
    return stores.bytes();
  }

  /**
   * How long this cache has taken to compress: to choose, merge and code pairs when a layer of a
   * prompt ended, at cuts, and when raw rows were due. Rows that a codec codes when they arrive,
   * one by one, belong to the step that brings them and are not counted.
   */
  public long compressNanos() {
    return compressNanos;
  }

  /** Something was compressed that began at {@code start}, a {@link System#nanoTime}. */
  void compressedSince(long start) {
    compressNanos += System.nanoTime() - start;
  }

  /** Codes what is due in a layer; {@code seen} are the tokens that have entered it. */
  void seal(int layer, int seen, Workers workers) {
    long start = System.nanoTime();
    stores.seal(layer, seen, workers);
    compressedSince(start);
  }

  /**
   * Original positions of the pairs that KV head {@code head} of a layer holds, ascending; of pairs
   * that stand for others, the positions at which they stand.
   */
  public int[] positions(int layer, int head) {
    HeadStore pairs = layers[layer].heads()[head];
    int[] positions = new int[pairs.count()];
    for (int s = 0; s < positions.length; s++) {
      positions[s] = pairs.position(s);
    }
    return positions;
  }

  /**
   * How many of {@code wanted} further tokens may pass the model together with the result of
   * passing one by one: up to the next cut.
   */
  public int rowsAtOnce(int wanted) {
    boolean cutsLater = promptRead && plan.drops() && plan.every().isPresent();
    int rows = cutsLater ? Math.min(wanted, plan.every().getAsInt() - sinceCut) : wanted;
    return stores.rowsToSealAcross(rows);
  }

  /**
   * How many of {@code wanted} rows may pass a layer's attention together: up to the next sealing,
   * and a single one where a reader chooses what each row reads.
   */
  int rowsTogether(int layer, int wanted) {
    return layers[layer].rowsToSeal(plan.reader().readsAll() ? wanted : 1);
  }

  /** Ends a pass that has taken its rows through every layer: they count as seen, and are cut. */
  public void endStep(Workers workers) {
    long start = System.nanoTime();
    stores.sealAcross(workers);
    compressedSince(start);
    seen += arriving;
    sinceCut += arriving;
    arriving = 0;
    if (promptRead
        && plan.drops()
        && plan.every().isPresent()
        && sinceCut >= plan.every().getAsInt()) {
      cut(workers);
    }
  }

  /**
   * Ends a chunk of a prompt that is read in steps ({@link PrefillMode.Chunked}): the plan is
   * applied to what is stored, {@code keep} being counted from the tokens seen so far. Without new
   * tokens since the last cut it does nothing, for a second cut of the same pairs is not always the
   * first one again.
   *
   * @throws IllegalStateException once the prompt has ended
   */
  public void endChunk(Workers workers) {
    if (promptRead) {
      throw new IllegalStateException(
          "the prompt of this cache has ended; later tokens are cut by every=n alone");
    }
    if (plan.drops() && sinceCut > 0) {
      cut(workers);
    }
  }

  /**
   * Ends a prompt that was read in steps: what came since the last chunk is cut, and from now on
   * tokens count as decoded.
   *
   * @throws IllegalStateException once the prompt has ended
   */
  public void endPrompt(Workers workers) {
    endChunk(workers);
    promptRead();
  }

  /** A cache of the same content that goes its own way; pages are shared until written. */
  public KvCache fork() {
    if (seen == 0) {
      return create(plan, model, pool); // formats that have found nothing yet are not shared
    }
    KvCache copy = new KvCache(plan, model, pool, stores.fork());
    copy.seen = seen;
    copy.sinceCut = sinceCut;
    copy.promptRead = promptRead;
    copy.prompt = prompt;
    return copy;
  }

  /** Frees every page; further calls do nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      clear();
    }
  }

  /** Frees what an exact prefill loaded before it was given up. */
  void clear() {
    for (LayerStore layer : layers) {
      layer.release();
    }
  }

  /** Encodes what is due in a layer of a prompt, and in the group of layers that it ends. */
  void sealLoaded(int layer, Workers workers) {
    stores.seal(layer, 0, workers);
    stores.sealAcross(layer, workers);
  }

  LayerStore layer(int layer) {
    if (closed) {
      throw new IllegalStateException("this cache is closed");
    }
    return layers[layer];
  }

  PagePool pool() {
    return pool;
  }

  /** Rows entered a layer; they count as seen once the step ends. */
  void appended(int layer, int rows) {
    if (layer == 0) {
      arriving += rows;
    }
  }

  /** An exact prefill has loaded every layer. */
  void loaded(int tokens) {
    seen = tokens;
    promptRead();
  }

  private void promptRead() {
    promptRead = true;
    prompt = seen;
    sinceCut = 0;
    for (LayerStore layer : layers) {
      layer.promptEnds(seen);
      if (plan.every().isEmpty()) {
        layer.forgetSignals();
      }
    }
  }

  private void cut(Workers workers) {
    long start = System.nanoTime();
    sinceCut = 0;
    Cut cut = Cut.of(plan, model, seen, promptRead ? prompt : seen);
    if (!cut.isDue()) {
      return;
    }
    List<LayerStore> compressible = new ArrayList<>();
    for (LayerStore layer : layers) {
      if (layer.shape().compressible()) {
        compressible.add(layer);
      }
    }
    Cut.Scored[] scored = new Cut.Scored[compressible.size()];
    boolean global = plan.budget().global();
    workers.run(
        scored.length,
        (task, thread) -> {
          LayerStore layer = compressible.get(task);
          scored[task] = cut.score(layer.index(), layer.view(seen), layer.heads());
          if (!global) {
            layer.retain(cut, scored[task], cut.select(List.of(scored[task]))[0]);
          }
        });
    if (global && scored.length > 0) {
      int[][][] kept = cut.select(List.of(scored));
      workers.run(
          scored.length,
          (task, thread) -> compressible.get(task).retain(cut, scored[task], kept[task]));
    }
    compressedSince(start);
  }
}
