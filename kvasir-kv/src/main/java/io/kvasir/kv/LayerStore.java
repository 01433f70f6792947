package io.kvasir.kv;

import io.kvasir.kernel.Workers;
import io.kvasir.kv.codec.Codec;
import io.kvasir.kv.codec.PageFormat;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of one layer of one sequence, a store for each KV head, and the signals that the plan's
 * methods declared: the newest queries, the attention mass.
 */
final class LayerStore {
  /** Rows that take longer to encode than a team takes to gather. */
  private static final int MANY_ROWS = 32;

  private static final float[][] NO_REPLAY = {};

  private final KvLayer layer;
  private final LayerShape shape;
  private final HeadStore[] heads;
  private Signals signals;
  private QueryTrace queries;
  private final boolean atOnce; // no head has anything to seal
  private @Nullable ReplayScores watcher;
  private int prompt = Integer.MAX_VALUE; // tokens of it, once it has been read

  /** A layer of heads that are coded each for itself. */
  LayerStore(KvLayer layer, Codec keys, Codec values, Signals signals, PagePool pool) {
    this(layer, heads(layer, keys, values, signals, pool), signals);
  }

  private static HeadStore[] heads(
      KvLayer layer, Codec keys, Codec values, Signals signals, PagePool pool) {
    HeadStore[] heads = new HeadStore[layer.shape().kvHeads()];
    for (int g = 0; g < heads.length; g++) {
      heads[g] =
          new HeadStore(
              keys.keys(layer, g),
              values.values(layer, g),
              pool,
              new MassColumns(signals.masses()));
    }
    return heads;
  }

  LayerStore(KvLayer layer, HeadStore[] heads, Signals signals) {
    this.layer = layer;
    this.shape = layer.shape();
    this.heads = heads;
    this.signals = signals;
    this.queries = new QueryTrace(layer, signals);
    this.atOnce = Arrays.stream(heads).allMatch(HeadStore::atOnce);
  }

  /** Number of the layer in the model. */
  int index() {
    return layer.index();
  }

  LayerShape shape() {
    return shape;
  }

  HeadStore[] heads() {
    return heads;
  }

  boolean tracksMass() {
    return signals.needs(Signals.Kind.ATTENTION_MASS);
  }

  /** Whether what keys receive of attention is summed in any way. */
  boolean sumsAttention() {
    return !signals.masses().isEmpty();
  }

  /** Kinds of noise under which attention is summed besides. */
  Set<AttentionNoise> noises() {
    return signals.noises();
  }

  /** Which decoded token the query at a position belongs to, counted from 1; 0: the prompt. */
  int step(int position) {
    return Math.max(0, position - prompt + 1);
  }

  /** From now on tokens are decoded. */
  void promptEnds(int tokens) {
    prompt = tokens;
  }

  LayerView view(int seen) {
    return view(seen, NO_REPLAY);
  }

  /** The pairs with what they received from a replay, [G][stored]. */
  LayerView view(int seen, float[][] replay) {
    return new StoreView(layer, seen, heads, queries, replay, Optional.empty());
  }

  /** From now on what rows attend to is recorded. */
  void watch(ReplayScores watching) {
    watcher = watching;
  }

  /** Appends rows {@code row ..} of a batch: k is [T][G*D], v is [T][G*D]. */
  void append(float[] k, float[] v, int row, int rows, int position, Workers workers) {
    int keyWidth = heads.length * shape.keyDim();
    int valueWidth = heads.length * shape.valueDim();
    if (rows == 1 && !laborious()) {
      for (int g = 0; g < heads.length; g++) {
        heads[g].keys().append(k, row * keyWidth + g * shape.keyDim());
        heads[g].values().append(v, row * valueWidth + g * shape.valueDim());
      }
    } else {
      workers.run(
          2 * heads.length,
          (task, thread) -> {
            int g = task / 2;
            if (task % 2 == 0) {
              int at = row * keyWidth + g * shape.keyDim();
              heads[g].keys().appendAll(k, at, keyWidth, rows);
            } else {
              int at = row * valueWidth + g * shape.valueDim();
              heads[g].values().appendAll(v, at, valueWidth, rows);
            }
          });
    }
    for (HeadStore head : heads) {
      head.placeAll(position, rows);
    }
  }

  /** Takes note of the queries of a batch, q being [T][H*D], where a method asked for that. */
  void remember(float[] q, int row, int rows, int position, Workers workers) {
    queries.add(q, row, rows, position, workers);
    if (watcher != null) {
      watcher.see(this, q, row, rows, position, workers);
    }
  }

  private boolean laborious() {
    for (HeadStore head : heads) {
      if (head.keys().format().laborious() || head.values().format().laborious()) {
        return true;
      }
    }
    return false;
  }

  /** Encodes what is due, and frees what a sliding window has left behind. */
  void seal(int seen, Workers workers) {
    if (atOnce && shape.window() == 0) {
      return; // nothing is due, which need not be asked of each head
    }
    int due = 0;
    for (HeadStore head : heads) {
      due += head.keys().due() + head.values().due();
    }
    if (due >= MANY_ROWS || (due > 0 && laborious())) {
      workers.run(
          2 * heads.length,
          (task, thread) -> {
            HeadStore head = heads[task / 2];
            (task % 2 == 0 ? head.keys() : head.values()).seal();
          });
    }
    for (HeadStore head : heads) {
      head.seal();
      if (shape.window() > 0) {
        head.dropBefore(seen - shape.window() + 1);
      }
    }
  }

  int rowsToSeal(int wanted) {
    if (atOnce) {
      return wanted;
    }
    int rows = wanted;
    for (HeadStore head : heads) {
      rows = head.keys().rowsToSeal(rows);
      rows = Math.min(head.values().rowsToSeal(rows), head.room());
    }
    return rows;
  }

  long pairs() {
    long pairs = 0;
    for (HeadStore head : heads) {
      pairs += head.count();
    }
    return pairs;
  }

  KvBytes bytes() {
    KvBytes bytes = new KvBytes(0, 0, 0, queries.bytes());
    for (HeadStore head : heads) {
      bytes = bytes.plus(head.bytes());
    }
    return bytes;
  }

  LayerStore fork(ForkCopies shared) {
    HeadStore[] copies = new HeadStore[heads.length];
    for (int g = 0; g < heads.length; g++) {
      copies[g] = heads[g].fork(shared);
    }
    LayerStore copy = new LayerStore(layer, copies, signals);
    copy.queries = queries.fork();
    copy.prompt = prompt;
    return copy;
  }

  /** Drops what a cut did not select, after the plan's merger has seen it. */
  void retain(Cut cut, Cut.Scored scored, int[][] kept) {
    for (int g = 0; g < heads.length; g++) {
      cut.merge(scored, g, heads[g], kept[g]);
      heads[g].retain(kept[g]);
    }
  }

  /** Takes over pairs of a raw layer: those at {@code kept}, ascending slots. */
  void load(int g, HeadStore source, int[] kept) {
    heads[g].expect(kept.length);
    for (int from = 0, to; from < kept.length; from = to) {
      to = Math.min(kept.length, from + Math.min(PageFormat.ROWS, heads[g].room()));
      heads[g].appendFrom(source, kept, from, to);
      heads[g].sealArriving();
    }
    heads[g].seal();
  }

  /** Takes over what a raw layer knows of its queries, as far as this plan's methods declared. */
  void loadQueries(LayerStore source) {
    queries.load(source.queries);
  }

  /** The pairs of a raw layer with the signals of this one; heads are worked on side by side. */
  LayerView viewOf(LayerStore raw, int seen, Workers workers) {
    return new StoreView(layer, seen, raw.heads, queries, NO_REPLAY, Optional.of(workers));
  }

  /** Lets go of the signals: no cut will come after this. */
  void forgetSignals() {
    signals = Signals.of();
    queries = new QueryTrace(layer, signals);
    for (HeadStore head : heads) {
      head.forgetMass();
    }
  }

  /** Frees the pairs; the store may be filled again. */
  void release() {
    for (HeadStore head : heads) {
      head.release();
    }
    queries = new QueryTrace(layer, signals);
  }
}
