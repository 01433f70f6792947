package io.kvasir.kv;

import io.kvasir.kv.codec.RawPage;
import io.kvasir.kv.merge.Eviction;

/** The victims of one head, and the pairs that may take something of them. */
final class StoreEviction implements Eviction {
  private final int layer;
  private final int head;
  private final HeadStore pairs;
  private final float[] scores;
  private final boolean[] kept;

  StoreEviction(int layer, int head, HeadStore pairs, float[] scores, int[] keptSlots) {
    this.layer = layer;
    this.head = head;
    this.pairs = pairs;
    this.scores = scores;
    this.kept = new boolean[pairs.count()];
    for (int slot : keptSlots) {
      kept[slot] = true;
    }
  }

  @Override
  public int layer() {
    return layer;
  }

  @Override
  public int head() {
    return head;
  }

  @Override
  public int stored() {
    return pairs.count();
  }

  @Override
  public boolean kept(int slot) {
    return kept[slot];
  }

  @Override
  public int position(int slot) {
    return pairs.position(slot);
  }

  @Override
  public float score(int slot) {
    return scores[slot];
  }

  @Override
  public void readKey(int slot, float[] out, int at) {
    read(pairs.keys(), slot, out, at);
  }

  @Override
  public void readValue(int slot, float[] out, int at) {
    read(pairs.values(), slot, out, at);
  }

  @Override
  public float bias(int slot) {
    return pairs.bias(slot);
  }

  @Override
  public void rewrite(int slot, float[] key, float[] value, float bias) {
    if (!kept[slot]) {
      throw new IllegalArgumentException("slot " + slot + " is dropped; only kept pairs change");
    }
    pairs.rewrite(slot, key, value, bias);
  }

  private static void read(Side<?> side, int slot, float[] out, int at) {
    RawPage row = RawPage.of(1, side.format().dim());
    side.read(slot, row);
    System.arraycopy(row.values(), 0, out, at, row.dim());
  }
}
