package io.kvasir.kv.score;

import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Param;
import io.kvasir.kv.Protection;
import io.kvasir.kv.Signals;
import java.math.BigDecimal;

/**
 * H2O: a few heavy hitters collect most of the attention; they and the newest pairs stay.
 *
 * <p>Paper: Zhang et al. 2023 (NeurIPS), arXiv:2306.14048. Code: FMInference/H2O.
 */
@KvMethod(
    value = "h2o",
    summary = "pairs that received most attention stay, and the newest",
    about =
        "Attention over a long text gathers on few tokens, the heavy hitters. Each pair keeps "
            + "the sum of the weights it has received; the largest sums stay, beside a share of "
            + "newest pairs that had no time to gather any. Sums grow while decoding, so cuts go on "
            + "(every=n). Tokens that came early have an advantage. Goes with every budget, and "
            + "with codecs that let single pairs go.",
    source = "Zhang et al. 2023 (NeurIPS), arXiv:2306.14048",
    cost = "4 bytes per pair; a second pass over q k of the prompt",
    formula = "score[j] = sum over all queries t of the group's mean of softmax(q_t K)[j]",
    differs = "one score per KV head; the authors evict per query head, which GQA cannot store")
record H2o(
    @Param(
            value = "50%",
            min = 0,
            max = 1,
            doc = "share of keep that goes to the newest pairs, rounded down")
        double recent)
    implements Scorer {

  @Override
  public Signals needs() {
    return Signals.of(Signals.Kind.ATTENTION_MASS);
  }

  @Override
  public Protection protects(CutPoint at) {
    BigDecimal exact = BigDecimal.valueOf(recent).multiply(BigDecimal.valueOf(at.keep()));
    return Protection.recent(exact.intValue());
  }

  @Override
  public boolean additive() {
    return true;
  }

  @Override
  public void score(LayerView layer, float[][] scores) {
    for (int g = 0; g < scores.length; g++) {
      for (int slot = 0; slot < layer.stored(g); slot++) {
        scores[g][slot] = layer.attentionMass(g, slot);
      }
    }
  }
}
