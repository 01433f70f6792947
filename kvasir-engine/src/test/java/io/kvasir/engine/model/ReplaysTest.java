package io.kvasir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.kv.PromptReplay;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplaysTest {
  private static final PromptReplay REPLAY = new PromptReplay(20, 4, "ab", "abc", 2, "d");
  private static final int[] IDS = IntStream.range(100, 150).toArray();

  @Test
  void chunksFollowTheirInstructionAndTheLastTokensBefore() {
    List<Replays.Chunk> chunks = replays(1000);
    assertThat(chunks).extracting(Replays.Chunk::from).containsExactly(0, 20, 40);
    assertThat(chunks).extracting(Replays.Chunk::to).containsExactly(20, 40, 50);
    assertThat(chunks.get(0).ids()).startsWith('a', 'b', 'd', 100, 101).endsWith(119);
    assertThat(chunks.get(2).ids())
        .containsExactly(
            'a', 'b', 'c', 138, 139, 'd', 140, 141, 142, 143, 144, 145, 146, 147, 148, 149);
  }

  @Test
  void chunksAreShortenedToTheRoomThatTheContextHas() {
    List<Replays.Chunk> chunks = replays(23);
    assertThat(chunks).extracting(Replays.Chunk::to).containsExactly(17, 34, 50);
    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.ids()).hasSizeLessThanOrEqualTo(23));
  }

  @Test
  void contextWithoutRoomIsRefused() {
    assertThatThrownBy(() -> replays(21))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the plan's scorer replays the prompt after itself; of the context 21 tokens are left, "
                + "expected at least 22");
  }

  private static List<Replays.Chunk> replays(int room) {
    return Replays.of(REPLAY, IDS, room, text -> text.chars().toArray());
  }
}
