package io.kvasir.engine.model;

import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvShape;
import io.kvasir.kv.PagePool;
import io.kvasir.kv.Prefill;
import java.util.ArrayList;
import java.util.List;

/**
 * Prompts on their way through a model: all of them pass a layer before any enters the next, each
 * as an exact prefill passes it, and somebody looks at their queries, keys and values. So what is
 * gathered for one layer can be used and let go before the next.
 *
 * <p>Holds the hidden states of all tokens, [N][hidden] f32; no pairs stay. For one thread.
 */
public final class LayerWalk {
  private static final int TILE = Transformer.TILE;

  private final Transformer pass;
  private final List<int[]> prompts;
  private final PagePool pool;
  private final int hidden;
  private final int tokens;
  private final List<float[][]> states = new ArrayList<>(); // of each prompt, [tile][T][hidden]
  private int layer;

  /** Looks at what a layer projects of a prompt. */
  @FunctionalInterface
  public interface Onlooker {
    /**
     * All rows of a prompt, valid during the call; the arrays may be longer.
     *
     * @param prompt its index
     * @param q rotated and not scaled, [T][H*D]
     * @param k rotated, [T][G*D]
     * @param v [T][G*D of a value]
     */
    void see(int prompt, float[] q, float[] k, float[] v);
  }

  LayerWalk(Transformer pass, List<int[]> prompts, PagePool pool) {
    this.pass = pass;
    this.prompts = prompts;
    this.pool = pool;
    this.hidden = pass.config().hidden();
    this.tokens = prompts.stream().mapToInt(ids -> ids.length).reduce(0, Math::addExact);
    for (int[] ids : prompts) {
      float[][] tiles = new float[Math.ceilDiv(ids.length, TILE)][];
      for (int c = 0; c < tiles.length; c++) {
        tiles[c] = new float[Transformer.rows(ids, c) * hidden];
        pass.embed(ids, c * TILE, Transformer.rows(ids, c), tiles[c], 0);
      }
      states.add(tiles);
    }
  }

  /** Bytes on the heap that a walk holds, with the rows that are shown. */
  public static long heapBytes(ModelConfig config, List<int[]> prompts) {
    long tokens = prompts.stream().mapToLong(ids -> ids.length).sum();
    int longest = prompts.stream().mapToInt(ids -> ids.length).max().orElse(0);
    LayerConfig layer = config.layers().getFirst();
    long shown = (long) longest * (layer.queryWidth() + layer.keyWidth() + layer.valueWidth());
    return Float.BYTES * (tokens * config.hidden() + shown)
        + Tile.bytes(config, Math.min(TILE, longest));
  }

  /** The next layer; as many as the model has after the last. */
  public int layer() {
    return layer;
  }

  /** The hidden states that enter the next layer, [N][hidden], one prompt after the other. */
  public float[] states() {
    float[] all = new float[Math.multiplyExact(tokens, hidden)];
    int at = 0;
    for (float[][] tiles : states) {
      for (float[] tile : tiles) {
        System.arraycopy(tile, 0, all, at, tile.length);
        at += tile.length;
      }
    }
    return all;
  }

  /**
   * Goes on where another walk of the same prompts stood.
   *
   * @param layer the next one
   * @param all its {@link #states}
   */
  public void resume(int layer, float[] all) {
    if (all.length != Math.multiplyExact(tokens, hidden)) {
      throw new IllegalArgumentException(
          "%d hidden states for %d tokens of %d".formatted(all.length, tokens, hidden));
    }
    this.layer = layer;
    int at = 0;
    for (float[][] tiles : states) {
      for (float[] tile : tiles) {
        System.arraycopy(all, at, tile, 0, tile.length);
        at += tile.length;
      }
    }
  }

  /**
   * Takes all prompts through the next layer. When anything is thrown, the walk has ended.
   *
   * @param listener hears tokens times layers, of the whole walk
   */
  public void next(Onlooker onlooker, PassListener listener) {
    int longest = prompts.stream().mapToInt(ids -> ids.length).max().orElse(0);
    LayerConfig of = pass.config().layers().get(layer);
    float[] q = new float[Math.multiplyExact(longest, of.queryWidth())];
    float[] k = new float[longest * of.keyWidth()];
    float[] v = new float[longest * of.valueWidth()];
    pass.tile().reserve(Math.min(TILE, longest));
    KvModel alone = KvModel.of(new KvShape(List.of(of.attention())));
    int total = Math.multiplyExact(tokens, pass.config().layers().size());
    int done = layer * tokens;
    for (int p = 0; p < prompts.size(); p++) {
      // No plan of a cache matters: the prefill is given up before it fills one.
      try (KvCache none = KvCache.create(KvPlan.FULL, alone, pool);
          Prefill prefill = pass.exactPrefill(List.of(none), prompts.get(p).length)) {
        for (int c = 0; c < states.get(p).length; c++) {
          int rows = Transformer.rows(prompts.get(p), c);
          step(prefill, states.get(p)[c], rows, c * TILE);
          copy(pass.tile().query, of.queryWidth(), rows, q, c);
          copy(pass.tile().key, of.keyWidth(), rows, k, c);
          copy(pass.tile().value, of.valueWidth(), rows, v, c);
          done += rows;
          listener.progressed(done, total);
        }
      }
      onlooker.see(p, q, k, v);
    }
    layer++;
  }

  private static void copy(float[] from, int width, int rows, float[] to, int tile) {
    System.arraycopy(from, 0, to, tile * TILE * width, rows * width);
  }

  /** Takes the rows of a tile through the layer; through the last one only as far as its pairs. */
  private void step(Prefill prefill, float[] x, int rows, int position) {
    Tile tile = pass.tile();
    List<Layer> layers = pass.layers(Role.PROMPT);
    pass.place(0, rows, position);
    layers.get(layer).project(x, rows, tile);
    if (layer + 1 < layers.size()) {
      prefill.append(0, rows, tile.key, tile.value);
      prefill.attend(0, position, rows, tile.query, tile.attended);
      layers.get(layer).finish(x, rows, tile);
    }
  }
}
