package io.kvasir.kv.score;

import io.kvasir.kv.AttentionNoise;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Param;
import io.kvasir.kv.Protection;
import io.kvasir.kv.Signals;
import java.math.BigDecimal;

/**
 * Keyformer: attention summed over all queries, as H2O does it, but of logits with Gumbel noise
 * under a temperature that rises while decoding. Noise gives pairs that were passed by a chance,
 * and the temperature stands for the growing number of those that were dropped.
 *
 * <p>Paper: Adnan et al. 2024 (MLSys), arXiv:2403.09054. Code: d-matrix-ai/keyformer-llm.
 */
@KvMethod(
    value = "keyformer",
    summary = "pairs that received most attention under noise stay, and the newest",
    about =
        "Once pairs are dropped, softmax hands their weight to the others, and sums of "
            + "weights favour what happened to stay. Gumbel noise on the logits, and a temperature "
            + "that rises with every decoded token, level the sums, so that pairs which were not "
            + "yet attended to keep a chance. Otherwise as h2o. Goes with every budget, and with "
            + "codecs that let single pairs go.",
    source = "Adnan et al. 2024 (MLSys), arXiv:2403.09054",
    cost = "4 bytes per pair; two more passes over q k of the prompt, with noise drawn in each",
    formula =
        "score[j] = sum over all queries t of the group's mean of softmax((q_t K + g_t) / tau_t)[j], "
            + "g_t[j] from Gumbel(0, 1); tau_t = tau for the prompt, tau + (tau-end - tau) step / length "
            + "for decoded tokens",
    differs =
        "one score per KV head, the authors have models without groups; noise depends on seed, layer, "
            + "head and the two positions alone; a cut every n decoded tokens, the authors' at each; the "
            + "temperature stays at tau-end after length tokens")
record Keyformer(
    @Param(
            value = "30%",
            min = 0,
            max = 1,
            doc = "share of keep that goes to the newest pairs, rounded down")
        double recent,
    @Param(value = "0", min = 0, doc = "another seed draws other noise") long seed,
    @Param(value = "gumbel", doc = "what is added to logits; none leaves H2O under a temperature")
        Noise noise,
    @Param(value = "1", min = 0.01, max = 100, doc = "temperature of the prompt's queries")
        double tau,
    @Param(
            value = "2",
            name = "tau-end",
            min = 0.01,
            max = 100,
            doc = "temperature after length decoded tokens")
        double tauEnd,
    @Param(value = "128", min = 1, max = 10_000_000, doc = "decoded tokens until tau-end")
        int length)
    implements Scorer {

  enum Noise {
    GUMBEL,
    NONE
  }

  private AttentionNoise attention() {
    return new AttentionNoise(noise == Noise.GUMBEL, seed, tau, tauEnd, length);
  }

  @Override
  public Signals needs() {
    return Signals.of().noisedMass(attention());
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
    AttentionNoise attention = attention();
    for (int g = 0; g < scores.length; g++) {
      for (int slot = 0; slot < layer.stored(g); slot++) {
        scores[g][slot] = layer.noisedMass(g, slot, attention);
      }
    }
  }
}
