package io.kvasir.eval.run;

import io.kvasir.kv.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a plan left of what it has read, before anything is asked.
 *
 * @param seen tokens read
 * @param heads every KV head, layer after layer
 */
record Holding(int seen, List<Head> heads) {
  Holding {
    heads = List.copyOf(heads);
  }

  /**
   * One KV head.
   *
   * @param positions stored, ascending
   * @param coded how many of them, the first ones, stand in codes other than f16 and f32
   * @param compressible whether a plan may drop pairs here
   */
  @SuppressWarnings("ArrayRecordComponent") // looked up, never compared
  record Head(int[] positions, int coded, boolean compressible) {}

  /**
   * What became of an answer's tokens; see {@link io.kvasir.eval.store.FateRow}.
   *
   * @param tokens at least 1
   */
  record Fate(int tokens, double kept, double coded, double dropped) {}

  static Holding of(KvCache cache) {
    List<Head> heads = new ArrayList<>();
    for (int layer = 0; layer < cache.shape().layers().size(); layer++) {
      boolean compressible = cache.shape().layer(layer).compressible();
      for (int head = 0; head < cache.shape().layer(layer).kvHeads(); head++) {
        heads.add(new Head(cache.positions(layer, head), cache.coded(layer, head), compressible));
      }
    }
    return new Holding(cache.seen(), heads);
  }

  List<Integer> pairs() {
    return heads.stream().map(head -> head.positions.length).toList();
  }

  List<Integer> coded() {
    return heads.stream().map(Head::coded).toList();
  }

  /**
   * What became of some positions, over all heads of layers that a plan may cut.
   *
   * @param positions of tokens; nothing comes of none
   */
  Optional<Fate> fate(int[] positions) {
    List<Head> cut = heads.stream().filter(Head::compressible).toList();
    if (positions.length == 0 || cut.isEmpty()) {
      return Optional.empty();
    }
    int coded = 0;
    int dropped = 0;
    for (Head head : cut) {
      for (int position : positions) {
        int slot = Arrays.binarySearch(head.positions, position);
        dropped += slot < 0 ? 1 : 0;
        coded += slot >= 0 && slot < head.coded ? 1 : 0;
      }
    }
    double all = (double) cut.size() * positions.length;
    return Optional.of(
        new Fate(positions.length, (all - coded - dropped) / all, coded / all, dropped / all));
  }
}
