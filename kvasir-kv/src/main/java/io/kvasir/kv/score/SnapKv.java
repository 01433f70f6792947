package io.kvasir.kv.score;

import io.kvasir.kv.Check;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Param;
import io.kvasir.kv.Protection;
import io.kvasir.kv.Signals;

/**
 * SnapKV: the last {@code window} queries vote; pooled votes score the keys before them, and the
 * window itself stays.
 *
 * <p>Paper: Li et al. 2024 (NeurIPS), arXiv:2404.14469. Code: FasterDecoding/SnapKV.
 *
 * <p>The softmax is causal and runs over all keys, the window's among them; only positions before
 * the window are scored.
 */
@KvMethod(
    value = "snapkv",
    summary = "the last queries vote for the keys before them",
    about =
        "The last tokens of a prompt, often its question, attend to what the answer will "
            + "need. Their attention is averaged, smoothed so that phrases stay whole, and the "
            + "pairs with most votes stay in each KV head. Strong where the question stands at the "
            + "end of what is compressed, weaker where it comes later. Goes with every budget, and "
            + "with codecs that let single pairs go.",
    source = "Li et al. 2024 (NeurIPS), arXiv:2404.14469; kvpress SnapKVPress",
    cost = "0 bytes; window x N x H dot products per layer, once",
    formula =
        "score[j] = group mean of pool(mean over the last window queries t of softmax(q_t K)[j])",
    differs =
        "one score per KV head, as in kvpress, where the authors score per query head; the defaults "
            + "are their code's (the paper's runs: kernel=7,pool=max); a prompt no longer than the "
            + "window keeps its newest pairs, where kvpress refuses it")
record SnapKv(
    @Param(value = "32", min = 1, max = 4096, doc = "recent queries that vote") int window,
    @Param(value = "5", min = 1, max = 1023, doc = "pooling width, odd") int kernel,
    @Param(value = "mean", doc = "how votes of neighbours are pooled") Pool pool)
    implements Scorer {

  SnapKv {
    Check.odd("snapkv", "kernel", kernel);
  }

  @Override
  public Signals needs() {
    return Signals.of(Signals.Kind.ROPED_KEYS).recentQueries(window);
  }

  @Override
  public Protection protects(CutPoint at) {
    return Protection.recent(window);
  }

  @Override
  public boolean additive() {
    return true;
  }

  @Override
  public void score(LayerView layer, float[][] scores) {
    int group = layer.shape().groupSize();
    layer.heads(
        g -> {
          Votes votes = new Votes(layer, g, window);
          float[] pooled = new float[votes.candidates()];
          for (int h = g * group; h < (g + 1) * group; h++) {
            pool.apply(votes.of(h), kernel, pooled);
            for (int slot = 0; slot < pooled.length; slot++) {
              scores[g][slot] += pooled[slot] / group;
            }
          }
        });
  }
}
