package io.kvasir.cli.demo;

import io.kvasir.kv.KvCache;

/**
 * Which part of a document each KV head still holds.
 *
 * @param share [layers * KV heads][bins]: of the positions in a bin the share that is stored, 0 to
 *     1; bins divide the document evenly
 */
record KeptMap(float[][] share) {
  private static final int BINS = 480;

  static KeptMap of(KvCache cache) {
    int tokens = cache.seen();
    int bins = Math.min(BINS, tokens);
    int heads = cache.shape().layers().stream().mapToInt(layer -> layer.kvHeads()).sum();
    float[][] share = new float[heads][bins];
    int row = 0;
    for (int layer = 0; layer < cache.shape().layers().size(); layer++) {
      for (int head = 0; head < cache.shape().layer(layer).kvHeads(); head++) {
        for (int position : cache.positions(layer, head)) {
          share[row][bin(position, tokens, bins)]++;
        }
        row++;
      }
    }
    int[] sizes = new int[bins];
    for (int position = 0; position < tokens; position++) {
      sizes[bin(position, tokens, bins)]++;
    }
    for (float[] head : share) {
      for (int b = 0; b < bins; b++) {
        head[b] /= sizes[b];
      }
    }
    return new KeptMap(share);
  }

  private static int bin(int position, int tokens, int bins) {
    return (int) ((long) position * bins / tokens);
  }
}
