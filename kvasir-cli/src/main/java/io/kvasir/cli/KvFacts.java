package io.kvasir.cli;

import io.kvasir.engine.Sequence;
import io.kvasir.engine.fit.ByteSize;
import java.util.Locale;

/**
 * What a sequence holds, measured; part of many results.
 *
 * @param pairs stored, over all layers and KV heads
 * @param tokens seen, whether or not their pairs are still stored
 */
record KvFacts(String plan, long bytes, long pairs, int tokens) {
  static KvFacts of(Sequence sequence) {
    return new KvFacts(
        sequence.plan().toString(),
        sequence.cache().bytes(),
        sequence.cache().pairs(),
        sequence.seen());
  }

  /** {@code 4,812 tokens, cache 27.7 MB (5,760 bytes/token)}. */
  String text() {
    return String.format(
        Locale.ROOT,
        "%,d tokens, cache %s (%,d bytes/token)",
        tokens,
        ByteSize.text(bytes),
        Math.round((double) bytes / Math.max(1, tokens)));
  }
}
