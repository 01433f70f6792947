package io.kvasir.kv.budget;

import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvShape;
import io.kvasir.kv.LayerShape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * An allotment over arrays: one number of stored pairs for all heads, no scores; a KV head serves
 * three query heads.
 */
final class ArrayAllotment implements Allotment {
  private final KvModel model;
  private final int[][] kept;
  private final int from;
  private final int to;
  private final int seen;
  private final double mean;
  private final int protectedPairs;
  private float[][] scores = {}; // one list per layer; empty: all are 0
  private int prompt;

  ArrayAllotment(
      int layers,
      int kvHeads,
      int seen,
      double mean,
      int protectedPairs,
      Calibrations calibrations) {
    this(
        model(layers, kvHeads, calibrations),
        new int[layers][kvHeads],
        0,
        layers,
        seen,
        mean,
        protectedPairs);
    for (int[] layer : kept) {
      Arrays.fill(layer, mean());
    }
  }

  private static KvModel model(int layers, int kvHeads, Calibrations calibrations) {
    LayerShape layer = LayerShape.full(3 * kvHeads, kvHeads, 16);
    KvShape shape = new KvShape(Collections.nCopies(layers, layer));
    return new KvModel(shape, List.of(), calibrations);
  }

  private ArrayAllotment(
      KvModel model, int[][] kept, int from, int to, int seen, double mean, int protectedPairs) {
    this.model = model;
    this.kept = kept;
    this.from = from;
    this.to = to;
    this.seen = seen;
    this.mean = mean;
    this.protectedPairs = protectedPairs;
    this.prompt = seen;
  }

  /** One list of scores for each layer. */
  ArrayAllotment scored(float[]... scores) {
    this.scores = scores;
    return this;
  }

  /** The same after all but {@code prompt} of the tokens were decoded. */
  ArrayAllotment decodedAfter(int prompt) {
    this.prompt = prompt;
    return this;
  }

  /** The same allotment, seen while layers {@code [from, to)} are cut. */
  ArrayAllotment cutting(int from, int to) {
    return new ArrayAllotment(model, kept, from, to, seen, mean, protectedPairs);
  }

  /** Pairs per head, [layer][head]. */
  int[][] kept() {
    return kept;
  }

  /** Pairs of head 0, by layer. */
  int[] firstHeads() {
    return Arrays.stream(kept).mapToInt(layer -> layer[0]).toArray();
  }

  @Override
  public int layers() {
    return kept.length;
  }

  @Override
  public int from() {
    return from;
  }

  @Override
  public int to() {
    return to;
  }

  @Override
  public int seen() {
    return seen;
  }

  @Override
  public KvLayer place(int layer) {
    return model.layer(layer);
  }

  @Override
  public int kvHeads(int layer) {
    return kept[layer].length;
  }

  @Override
  public int stored(int layer, int head) {
    return seen;
  }

  @Override
  public float[] scores(int layer, int head) {
    return scores.length == 0 ? new float[seen] : scores[layer];
  }

  @Override
  public int prompt() {
    return prompt;
  }

  @Override
  public int ofPrompt(int layer, int head) {
    return prompt;
  }

  @Override
  public int mean() {
    return (int) mean;
  }

  @Override
  public double exactMean() {
    return mean;
  }

  /** The first ones, as if all of them were sinks. */
  @Override
  public boolean isProtected(int layer, int head, int slot) {
    return slot < protectedPairs;
  }

  @Override
  public int protectedPairs() {
    return protectedPairs;
  }

  @Override
  public void keep(int layer, int head, int pairs) {
    if (layer < from || layer >= to) {
      throw new AssertionError("layer " + layer + " is not being cut");
    }
    kept[layer][head] = Math.clamp(pairs, 1, seen);
  }
}
