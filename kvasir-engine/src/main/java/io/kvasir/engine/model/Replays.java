package io.kvasir.engine.model;

import io.kvasir.kv.PromptReplay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The token sequences that make a model read its prompt a second time, as {@link PromptReplay}. */
final class Replays {
  private Replays() {}

  /** Tokens to be read after the whole prompt; they replay its tokens [from, to). */
  record Chunk(int from, int to, int[] ids) {}

  /**
   * @param ids the prompt
   * @param room tokens that the context has left after it; chunks are shortened to fit
   * @param encode tokens of a text
   * @throws IllegalArgumentException there is no room for a chunk of {@value #LEAST} tokens
   */
  static List<Chunk> of(PromptReplay replay, int[] ids, int room, Function<String, int[]> encode) {
    int[] first = encode.apply(replay.first());
    int[] later = encode.apply(replay.later());
    int[] suffix = encode.apply(replay.suffix());
    int spoken = Math.max(first.length, later.length + replay.overlap()) + suffix.length;
    int length = Math.min(replay.chunk(), room - spoken);
    if (length < LEAST) {
      throw new IllegalArgumentException(
          "the plan's scorer replays the prompt after itself; of the context %d tokens are left, "
                  .formatted(room)
              + "expected at least %d".formatted(spoken + LEAST));
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < ids.length; from += length) {
      int to = Math.min(ids.length, from + length);
      int[] before =
          from == 0
              ? first
              : join(later, Arrays.copyOfRange(ids, Math.max(0, from - replay.overlap()), from));
      chunks.add(
          new Chunk(from, to, join(join(before, suffix), Arrays.copyOfRange(ids, from, to))));
    }
    return chunks;
  }

  static final int LEAST = 16;

  private static int[] join(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }
}
