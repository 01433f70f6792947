package io.kvasir.kv;

import io.kvasir.kernel.Floats;
import io.kvasir.kv.budget.Allotment;
import io.kvasir.kv.score.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One application of a plan to stored pairs: scores, allots, selects. What a caller does with the
 * selection differs: an exact prefill loads the kept pairs, a decoding cache drops the others.
 */
final class Cut {
  private final KvPlan plan;
  private final KvModel model;
  private final Scorer scorer;
  private final CutPoint point;

  private Cut(KvPlan plan, KvModel model, Scorer scorer, CutPoint point) {
    this.plan = plan;
    this.model = model;
    this.scorer = scorer;
    this.point = point;
  }

  /** A cut by a plan that drops pairs, after {@code seen} tokens, {@code prompt} of them read. */
  static Cut of(KvPlan plan, KvModel model, int seen, int prompt) {
    int keep = Footprint.meanPairs(plan, model.shape(), seen);
    CutPoint point = new CutPoint(seen, prompt, keep);
    Scorer scorer =
        plan.scorer(point)
            .orElseThrow(() -> new IllegalStateException("plan " + plan + " drops nothing"));
    return new Cut(plan, model, scorer, point);
  }

  /** A layer and the scores of its pairs, [G][stored]. */
  record Scored(int layer, HeadStore[] heads, float[][] scores) {}

  Scored score(int layer, LayerView view, HeadStore[] heads) {
    float[][] scores = new float[heads.length][];
    for (int g = 0; g < heads.length; g++) {
      scores[g] = new float[heads[g].count()];
    }
    if (scorer.minimum() <= heads[0].count()) {
      scorer.score(view, scores);
    }
    if (plan.budget().oneListPerLayer()) {
      average(scores);
    }
    return new Scored(layer, heads, scores);
  }

  /** Gives every head the mean of all. */
  private static void average(float[][] scores) {
    float[] mean = new float[scores[0].length];
    for (float[] head : scores) {
      Floats.axpy(1f / scores.length, head, 0, mean, 0, mean.length);
    }
    Arrays.fill(scores, mean);
  }

  /** Whether anything could be dropped. */
  boolean isDue() {
    return plan.budget().cuts(point);
  }

  /**
   * Which slots stay.
   *
   * @param layers one layer, or all compressible ones for a global budget, in order
   * @return [layer of the list][G] ascending slots
   */
  int[][][] select(List<Scored> layers) {
    Allotted allotted = new Allotted(layers);
    plan.budget().allot(allotted);
    int[][][] kept = new int[layers.size()][][];
    for (int i = 0; i < kept.length; i++) {
      Scored scored = layers.get(i);
      kept[i] = new int[scored.heads().length][];
      for (int g = 0; g < kept[i].length; g++) {
        HeadStore pairs = scored.heads()[g];
        kept[i][g] =
            scorer.minimum() > pairs.count()
                ? BestPairs.all(pairs.count())
                : BestPairs.select(
                    pairs,
                    scored.scores()[g],
                    Math.clamp(allotted.pairs[i][g], 1, Math.max(1, pairs.count())),
                    plan.protection(point));
      }
    }
    return kept;
  }

  /** Lets the plan's merger fold the victims of one head into what stays. */
  void merge(Scored scored, int g, HeadStore pairs, int[] kept) {
    if (kept.length < pairs.count()) {
      plan.merger().merge(new StoreEviction(scored.layer(), g, pairs, scored.scores()[g], kept));
    }
  }

  /** The numbers a budget sets. */
  private final class Allotted implements Allotment {
    private final List<Scored> layers;
    private final int[][] pairs;
    private final Protection protection = plan.protection(point);

    Allotted(List<Scored> layers) {
      this.layers = new ArrayList<>(layers);
      this.pairs = new int[layers.size()][];
      for (int i = 0; i < pairs.length; i++) {
        pairs[i] = new int[layers.get(i).heads().length];
        Arrays.fill(pairs[i], point.keep());
      }
    }

    @Override
    public int layers() {
      return model.shape().compressibleLayers();
    }

    @Override
    public int from() {
      return model.shape().compressibleIndex(layers.getFirst().layer());
    }

    @Override
    public int to() {
      return from() + layers.size();
    }

    @Override
    public KvLayer place(int layer) {
      return model.layer(model.shape().compressibleLayer(layer));
    }

    @Override
    public int kvHeads(int layer) {
      return at(layer).heads().length;
    }

    @Override
    public int stored(int layer, int head) {
      return at(layer).heads()[head].count();
    }

    @Override
    public float[] scores(int layer, int head) {
      return at(layer).scores()[head];
    }

    @Override
    public int seen() {
      return point.seen();
    }

    @Override
    public int prompt() {
      return point.prompt();
    }

    @Override
    public int ofPrompt(int layer, int head) {
      return at(layer).heads()[head].slotsBefore(point.prompt());
    }

    @Override
    public int mean() {
      return point.keep();
    }

    @Override
    public double exactMean() {
      return plan.keep() instanceof Keep.Share share
          ? share.share().doubleValue() * seen()
          : point.keep();
    }

    @Override
    public boolean isProtected(int layer, int head, int slot) {
      HeadStore pairs = at(layer).heads()[head];
      return pairs.position(slot) < protection.sinks()
          || slot >= pairs.count() - protection.recent();
    }

    @Override
    public int protectedPairs() {
      return protection.sinks() + protection.recent();
    }

    @Override
    public void keep(int layer, int head, int count) {
      pairs[layer - from()][head] = count;
    }

    private Scored at(int layer) {
      return layers.get(layer - from());
    }
  }
}
