package io.kvasir.kv;

/**
 * What a cache holds, by part, in bytes.
 *
 * @param codes rows as they are stored, and the room of their pages that is free
 * @param scales what codes are scaled and moved by
 * @param windows raw rows that wait to be coded, and the room that is kept for more
 * @param side what stands beside the pairs: positions, logit biases, attention mass, newest queries
 */
public record KvBytes(long codes, long scales, long windows, long side) {
  static final KvBytes NONE = new KvBytes(0, 0, 0, 0);

  public long all() {
    return codes + scales + windows + side;
  }

  KvBytes plus(KvBytes other) {
    return new KvBytes(
        codes + other.codes, scales + other.scales, windows + other.windows, side + other.side);
  }
}
