package io.kvasir.kv.score;

import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Param;
import io.kvasir.kv.Protection;
import io.kvasir.kv.Signals;

/**
 * StreamingLLM: the first tokens soak up attention whatever they say, so they stay; the rest of the
 * places go to the newest.
 *
 * <p>Paper: Xiao et al. 2024 (ICLR), arXiv:2309.17453. Code: mit-han-lab/streaming-llm.
 */
@KvMethod(
    value = "streaming-llm",
    summary = "the first tokens and the newest stay",
    about =
        "Softmax gives weight to the first tokens of a text whatever they say. Without these "
            + "attention sinks a model breaks down; with them and a window of the newest tokens it "
            + "stays fluent at any length, but forgets what lies between. The baseline of every "
            + "other scorer, and enough where only the recent text counts. Goes with every budget "
            + "but prefixkv, and with codecs that let single pairs go.",
    source = "Xiao et al. 2024 (ICLR), arXiv:2309.17453; kvpress StreamingLLMPress",
    cost = "0 bytes, no work",
    formula = "score[j] = position of j; the sinks are protected",
    differs = "survivors keep their positions, as in kvpress; the authors renumber them by slot")
record StreamingLlm(
    @Param(value = "4", min = 0, max = 4096, doc = "first tokens that always stay") int sinks)
    implements Scorer {

  @Override
  public Signals needs() {
    return Signals.of(Signals.Kind.POSITIONS);
  }

  @Override
  public Protection protects(CutPoint at) {
    return Protection.sinks(sinks);
  }

  @Override
  public void score(LayerView layer, float[][] scores) {
    for (int g = 0; g < scores.length; g++) {
      for (int slot = 0; slot < layer.stored(g); slot++) {
        scores[g][slot] = layer.position(g, slot); // exact in f32 up to 16 million tokens
      }
    }
  }
}
