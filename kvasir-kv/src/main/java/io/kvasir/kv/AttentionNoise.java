package io.kvasir.kv;

import io.kvasir.kernel.Gumbel;

/**
 * How logits are disturbed before a softmax whose weights are summed up for each key: {@code (logit
 * + g) / temperature}, g a number of the Gumbel distribution that depends on (seed, layer, query
 * head, position of the query, position of the key) alone. What the model itself attends to is not
 * touched.
 *
 * @param gumbel whether g is drawn; else it is 0
 * @param seed another seed draws other numbers
 * @param tau temperature of the prompt's queries
 * @param tauEnd temperature after {@code length} decoded tokens; it changes evenly until then
 */
public record AttentionNoise(boolean gumbel, long seed, double tau, double tauEnd, int length) {
  /** The attention as it is. */
  public static final AttentionNoise NONE = new AttentionNoise(false, 0, 1, 1, 1);

  /** Temperature of a query: of the prompt for {@code step} 0, else of that decoded token. */
  public double temperature(int step) {
    return tau + (tauEnd - tau) * Math.min(step, length) / length;
  }

  /**
   * Disturbs the logits of {@code n} keys at consecutive positions.
   *
   * @param room for n floats
   */
  void apply(
      float[] logits, int at, int n, int key, int firstPosition, double temperature, float[] room) {
    float factor = (float) (1 / temperature);
    if (gumbel) {
      Gumbel.add(logits, at, n, key, firstPosition, factor, room);
    } else {
      for (int i = 0; i < n; i++) {
        logits[at + i] *= factor;
      }
    }
  }

  /** What draws the numbers of one query. */
  public int key(int layer, int queryHead, int position) {
    long key = mix(mix(mix(mix(seed) + layer) + queryHead) + position);
    return (int) (key >>> 32);
  }

  /** A step of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
