package io.kvasir.kv.merge;

/**
 * The pairs of one (layer, KV head) at the moment of an eviction, slots in ascending position. A
 * kept pair may be rewritten; a bias of ln n makes one pair stand exactly for n equal keys.
 */
public interface Eviction {
  int layer();

  int head();

  int stored();

  boolean kept(int slot);

  int position(int slot);

  float score(int slot);

  void readKey(int slot, float[] out, int at);

  void readValue(int slot, float[] out, int at);

  /** Added to the scaled logit of the slot, before the softmax; 0 unless a merger set it. */
  float bias(int slot);

  /** Replaces a kept pair; a slot that is dropped is refused. */
  void rewrite(int slot, float[] key, float[] value, float bias);
}
