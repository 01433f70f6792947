package io.kvasir.kv.score;

import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Rows;
import io.kvasir.kv.Signals;

/**
 * KeyDiff: keys that point where most keys point say little, so those that differ stay.
 *
 * <p>Paper: Park et al. 2025, arXiv:2504.15364. Code: kvpress KeyDiffPress.
 */
@KvMethod(
    value = "keydiff",
    summary = "keys that point elsewhere than the mean key stay",
    about =
        "Keys of a head lie in a narrow cone, and those that stand out of it receive more "
            + "attention than their number suggests. The mean of the unit keys is the axis of the "
            + "cone; a key is scored by how far it points away. No query is asked, so one cut serves "
            + "every question; nothing is protected, and what is new has no advantage.",
    source = "Park et al. 2025, arXiv:2504.15364; kvpress KeyDiffPress",
    cost = "0 bytes; two passes over the keys",
    formula = "score[j] = -cos(k_j, mean of k_i / |k_i|)",
    differs =
        "a prompt is scored as a whole, as in kvpress; the paper cuts after each block of 128 tokens,"
            + " as a prompt read in chunks does")
record KeyDiff() implements Scorer {

  @Override
  public Signals needs() {
    return Signals.of(Signals.Kind.ROPED_KEYS);
  }

  @Override
  public void score(LayerView layer, float[][] scores) {
    for (int g = 0; g < scores.length; g++) {
      Rows keys = layer.keys(g);
      float[] key = new float[keys.dim()];
      double[] mean = new double[keys.dim()]; // times the number of keys, which changes no cosine
      for (int slot = 0; slot < keys.count(); slot++) {
        keys.read(slot, key, 0);
        double norm = norm(key);
        for (int d = 0; d < key.length && norm > 0; d++) {
          mean[d] += key[d] / norm;
        }
      }
      for (int slot = 0; slot < keys.count(); slot++) {
        keys.read(slot, key, 0);
        scores[g][slot] = -cosine(key, mean);
      }
    }
  }

  /** 0 where one of them is 0. */
  private static float cosine(float[] key, double[] mean) {
    double dot = 0;
    double squares = 0;
    for (int d = 0; d < key.length; d++) {
      dot += key[d] * mean[d];
      squares += mean[d] * mean[d];
    }
    double norms = norm(key) * Math.sqrt(squares);
    return norms == 0 ? 0 : (float) (dot / norms);
  }

  private static double norm(float[] row) {
    double sum = 0;
    for (float x : row) {
      sum += (double) x * x;
    }
    return Math.sqrt(sum);
  }
}
