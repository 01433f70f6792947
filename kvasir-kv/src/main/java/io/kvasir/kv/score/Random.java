package io.kvasir.kv.score;

import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Param;
import io.kvasir.kv.Signals;

/**
 * Chance, the control every other scorer must beat. A pair's score depends on seed, layer, head and
 * position alone: not on the number of threads, and not on what was dropped before.
 *
 * <p>Code: NVIDIA/kvpress, RandomPress.
 */
@KvMethod(
    value = "random",
    summary = "chance decides: the control",
    about =
        "Each pair draws a number from its place and a seed, and the largest stay. A scorer "
            + "that does no better has learned nothing of the text: sweeps run this one at every "
            + "keep. Goes with every budget but prefixkv, and with codecs that let single pairs go.",
    source = "kvpress RandomPress",
    cost = "0 bytes; one hash per pair",
    formula = "score[j] = hash(seed, layer, head, position of j) in [0, 1)",
    differs = "each layer and head draws its own; kvpress drops the same positions in all of them")
record Random(@Param(value = "0", min = 0, doc = "another seed drops other pairs") long seed)
    implements Scorer {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  @Override
  public Signals needs() {
    return Signals.of(Signals.Kind.POSITIONS);
  }

  @Override
  public void score(LayerView layer, float[][] scores) {
    for (int g = 0; g < scores.length; g++) {
      long head = mix(mix(mix(seed) + layer.layer()) + g);
      for (int slot = 0; slot < layer.stored(g); slot++) {
        long bits = mix(head + layer.position(g, slot));
        scores[g][slot] = (bits >>> 40) * 0x1p-24f; // the 24 bits that a float holds exactly
      }
    }
  }

  /** A step of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit. */
  private static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
