package io.kvasir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PromptReplay;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplaysTest {
  private static final KvPlan PLAN = KvPlan.parse("kvzip(keep=25%,chunk=20)");
  private static final PromptReplay REPLAY = PLAN.signals().replay().orElseThrow();
  private static final int[] IDS = IntStream.range(1000, 1050).toArray();

  /** What is said takes that much beside a chunk, one token a character. */
  private static final int SPOKEN = REPLAY.later().length() + 8 + 1;

  @Test
  void chunksFollowTheirInstructionAndTheLastTokensBefore() {
    List<Replays.Chunk> chunks = chunks(1000);
    assertThat(chunks).extracting(Replays.Chunk::from).containsExactly(0, 20, 40);
    assertThat(chunks).extracting(Replays.Chunk::to).containsExactly(20, 40, 50);
    assertThat(chunks.get(0).ids())
        .isEqualTo(tokens("\n\nRepeat the previous context exactly.\n", 1000, 1020));
    String later = "\n\nRepeat the part of the previous context exactly, starting with";
    assertThat(chunks.get(2).ids())
        .startsWith(tokens(later, 1032, 1040))
        .endsWith(tokens("\n", 1040, 1050))
        .hasSize(SPOKEN + 10);
  }

  @Test
  void chunksAreShortenedToTheRoomThatTheContextHas() {
    List<Replays.Chunk> chunks = chunks(50 + SPOKEN + 17);
    assertThat(chunks).extracting(Replays.Chunk::to).containsExactly(17, 34, 50);
    assertThat(chunks)
        .allSatisfy(chunk -> assertThat(chunk.ids()).hasSizeLessThanOrEqualTo(SPOKEN + 17));
  }

  @Test
  void contextWithoutRoomIsRefused() {
    assertThatThrownBy(() -> chunks(60))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a prompt of 50 tokens leaves 10 of the context of 60; expected %d, to replay it for the plan's scorer",
            SPOKEN + 16);
  }

  @Test
  void promptsOfOtherPlansAreNotReplayed() {
    List<KvPlan> plans = List.of(KvPlan.FULL, KvPlan.parse("kvzip(keep=100%)"));
    assertThat(Replays.of(plans, IDS, 60, text -> new int[0]).chunks(REPLAY)).isEmpty();
  }

  private static List<Replays.Chunk> chunks(int context) {
    return Replays.of(List.of(PLAN), IDS, context, text -> text.chars().toArray()).chunks(REPLAY);
  }

  private static int[] tokens(String text, int from, int to) {
    return IntStream.concat(text.chars(), IntStream.range(from, to)).toArray();
  }
}
