package io.kvasir.engine;

import java.util.List;

/**
 * What a model said.
 *
 * @param ids the tokens chosen, without the end token. All but the last one have passed the model
 *     for certain; {@link Sequence#seen} tells about the last
 * @param text their text, without control tokens, up to a stop string; of a cancelled generation
 *     what the listener got
 * @param promptNanos time of the sequence's latest read
 * @param decodeNanos time from then on: choosing and passing all tokens
 */
public record Generation(
    List<Integer> ids, String text, FinishReason finishReason, long promptNanos, long decodeNanos) {
  public Generation {
    ids = List.copyOf(ids);
  }
}
