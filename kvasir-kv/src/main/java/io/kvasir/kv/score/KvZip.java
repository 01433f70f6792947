package io.kvasir.kv.score;

import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Param;
import io.kvasir.kv.PromptReplay;
import io.kvasir.kv.Protection;
import io.kvasir.kv.Signals;
import java.util.Optional;

/**
 * KVzip: the model is told to repeat its context, and what it attends to while it does is what the
 * context is worth, whatever will be asked. One compression serves many questions.
 *
 * <p>Paper: Kim et al. 2025 (NeurIPS), arXiv:2505.23416. Code: snu-mllab/KVzip.
 *
 * <p>The repetition is shown to the model, chunk by chunk, so nothing is generated, and a model
 * that would not repeat anything attends all the same.
 */
@KvMethod(
    value = "kvzip",
    summary = "pairs stay that the model attends to when it repeats its context",
    about =
        "The model reads its own context again, chunk by chunk, as the answer to a request to "
            + "repeat it. What it attends to meanwhile is what knowing the context takes, whatever "
            + "will be asked: one compression serves many questions. The price is a second reading. "
            + "Needs an exact prefill; pooled is its budget where none is named; goes with codecs "
            + "that let single pairs go.",
    source = "Kim et al. 2025 (NeurIPS), arXiv:2505.23416; kvpress KVzipPress",
    cost =
        "0 bytes; the whole prompt is held back, 4 bytes per pair besides, and read a second time, N "
            + "chunk H further dot products per layer: 4000 tokens of SmolLM2 take 3.5 times their prefill",
    formula =
        "score[j] = max over the queries q of the replay of j's chunk, and over the group's heads, of "
            + "softmax over (sinks, chunk, replay) of q K, at j",
    differs =
        "instructions without a space at their end and between newlines, as in kvpress, where the "
            + "authors have chat roles; first tokens protected are sinks, as in kvpress, where the authors protect the "
            + "system prompt; a context with no room for a chunk is replayed in shorter ones")
record KvZip(
    @Param(value = "2048", min = 16, max = 65_536, doc = "tokens that are replayed at once")
        int chunk,
    @Param(
            value = "4",
            min = 0,
            max = 4096,
            doc = "first tokens that stay, and that all chunks see")
        int sinks)
    implements Scorer {
  private static final int OVERLAP = 8;

  @Override
  public Signals needs() {
    return Signals.of()
        .replay(
            new PromptReplay(
                chunk,
                sinks,
                "\n\nRepeat the previous context exactly.",
                "\n\nRepeat the part of the previous context exactly, starting with",
                OVERLAP,
                "\n"));
  }

  @Override
  public Protection protects(CutPoint at) {
    return Protection.sinks(sinks);
  }

  @Override
  public boolean additive() {
    return true;
  }

  @Override
  public Optional<String> defaultBudget() {
    return Optional.of("pooled");
  }

  @Override
  public void score(LayerView layer, float[][] scores) {
    for (int g = 0; g < scores.length; g++) {
      for (int slot = 0; slot < layer.stored(g); slot++) {
        scores[g][slot] = layer.replayed(g, slot);
      }
    }
  }
}
