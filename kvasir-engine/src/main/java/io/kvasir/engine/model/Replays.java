package io.kvasir.engine.model;

import io.kvasir.kv.KvPlan;
import io.kvasir.kv.Prefill;
import io.kvasir.kv.PromptReplay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tokens that make a model read a prompt a second time, for the scorers of some plans that want
 * a {@link PromptReplay}.
 */
public final class Replays {
  static final int LEAST = 16; // tokens of a chunk

  private final Map<PromptReplay, List<Chunk>> chunks = new LinkedHashMap<>();

  private Replays() {}

  /** Tokens to be read after the whole prompt; they replay its tokens [from, to). */
  record Chunk(int from, int to, int[] ids) {}

  /**
   * The replays of a prompt.
   *
   * @param ids the prompt
   * @param context tokens that prompt and replay may have; chunks are shortened to fit
   * @param encode tokens of a text
   * @throws IllegalArgumentException there is no room for a chunk of {@value #LEAST} tokens
   */
  public static Replays of(
      List<KvPlan> plans, int[] ids, int context, Function<String, int[]> encode) {
    Replays replays = new Replays();
    for (KvPlan plan : plans) {
      plan.signals()
          .replay()
          .ifPresent(
              replay ->
                  replays.chunks.computeIfAbsent(replay, r -> chunks(r, ids, context, encode)));
    }
    return replays;
  }

  /** In the order of the prompt. */
  List<Chunk> chunks(PromptReplay replay) {
    return chunks.getOrDefault(replay, List.of());
  }

  /** How many are read in all replays of a prefill. */
  int tokens(Prefill prefill) {
    return prefill.heldPrompts().stream()
        .flatMap(held -> chunks(held.replay()).stream())
        .mapToInt(chunk -> chunk.ids().length)
        .sum();
  }

  private static List<Chunk> chunks(
      PromptReplay replay, int[] ids, int context, Function<String, int[]> encode) {
    int[] first = encode.apply(replay.first());
    int[] later = encode.apply(replay.later());
    int[] suffix = encode.apply(replay.suffix());
    int spoken = Math.max(first.length, later.length + replay.overlap()) + suffix.length;
    int room = context - ids.length;
    int length = Math.min(replay.chunk(), room - spoken);
    if (length < LEAST) {
      throw new IllegalArgumentException(
          "a prompt of %d tokens leaves %d of the context of %d; expected %d, to replay it for the plan's scorer"
              .formatted(ids.length, room, context, spoken + LEAST));
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < ids.length; from += length) {
      int to = Math.min(ids.length, from + length);
      int[] overlap = Arrays.copyOfRange(ids, Math.max(0, from - replay.overlap()), from);
      int[] before = from == 0 ? first : join(later, overlap);
      chunks.add(new Chunk(from, to, join(before, suffix, Arrays.copyOfRange(ids, from, to))));
    }
    return List.copyOf(chunks);
  }

  private static int[] join(int[]... parts) {
    return Stream.of(parts).flatMapToInt(IntStream::of).toArray();
  }
}
