package io.kvasir.kv.score;

import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Rows;
import io.kvasir.kv.Signals;

/**
 * L2 norm of keys: keys of small norm receive much attention, so they stay.
 *
 * <p>Paper: Devoto et al. 2024 (EMNLP), arXiv:2406.11430. Code: alessiodevoto/l2compress.
 */
@KvMethod(
    value = "knorm",
    summary = "keys with the smallest norm stay",
    about =
        "In most layers the keys that attention goes to are those of small norm, so a key "
            + "alone tells whether it will be needed. No query is looked at and no attention "
            + "computed, which makes it the cheapest scorer that knows the text, while decoding too "
            + "(every=n). Goes with every budget but prefixkv, and with codecs that let single "
            + "pairs go.",
    source = "Devoto et al. 2024 (EMNLP), arXiv:2406.11430; kvpress KnormPress",
    cost = "0 bytes; one pass over the keys",
    formula = "score[j] = -|k_j|",
    differs =
        "every layer and every prompt is cut, as in kvpress; the authors' scripts spare the first "
            + "layers, their code prompts below 2048 tokens")
record Knorm() implements Scorer {

  @Override
  public Signals needs() {
    return Signals.of(Signals.Kind.ROPED_KEYS);
  }

  @Override
  public void score(LayerView layer, float[][] scores) {
    layer.heads(
        g -> {
          Rows keys = layer.keys(g);
          float[] key = new float[keys.dim()];
          for (int slot = 0; slot < keys.count(); slot++) {
            keys.read(slot, key, 0);
            scores[g][slot] = -norm(key);
          }
        });
  }

  /** In double: norms of one head differ little, and their order is the whole method. */
  private static float norm(float[] row) {
    double sum = 0;
    for (float x : row) {
      sum += (double) x * x;
    }
    return (float) Math.sqrt(sum);
  }
}
