package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnedTileTest {
  @ParameterizedTest
  @CsvSource({
    "HALVES,64,64,3",
    "HALVES,80,32,6",
    "INTERLEAVED,64,64,9",
    "INTERLEAVED,96,64,3",
    "HALVES,18,2,3"
  })
  void scoresAreTheScalarTwins(Rotary.Pairs pairs, int dim, int turning, int count) {
    Rotary rotary = new Rotary(pairs, turning, 10_000, new float[0], 1, 512);
    float[] q = Blocks.floats(count * dim, 1);
    float[] out = Blocks.floats(count * 64, 2);
    float[] twin = out.clone();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment keys = keys(arena, dim);
      Turns turns = rotary.pairs(rotary.turns(128));
      TurnedTile.multiplyAdd(q, dim, count, keys, turns, out);
      TurnedTileRef.multiplyAdd(q, dim, count, keys, turns, twin);
    }
    assertThat(out).isEqualTo(twin);
  }

  /** Keys turned before, and queries turned back by where the page begins: the same scores. */
  @Test
  void aPageTurnsAsTheFirstOneForQueriesThatGoBack() {
    int dim = 64;
    Rotary rotary = new Rotary(Rotary.Pairs.HALVES, dim, 10_000, new float[0], 1, 512);
    float[] q = Blocks.floats(3 * dim, 1);
    float[] expected = new float[3 * 64];
    float[] out = new float[3 * 64];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment keys = keys(arena, dim);
      MemorySegment rotated = arena.allocate(keys.byteSize(), 64).copyFrom(keys);
      rotary.rotateColumns(rotated, rotary.turns(320));
      FloatTileRef.multiplyAdd(q, dim, 3, dim, rotated, expected, 64);
      rotary.rotate(q, 0, 3, dim, -320);
      TurnedTile.multiplyAdd(q, dim, 3, keys, rotary.pairs(rotary.turns(0)), out);
    }
    assertThat(out).containsExactly(expected, within(1e-4f));
  }

  private static MemorySegment keys(Arena arena, int dim) {
    MemorySegment keys = arena.allocate(4L * 64 * dim, 64);
    MemorySegment.copy(Blocks.floats(64 * dim, 3), 0, keys, ValueLayout.JAVA_FLOAT, 0, 64 * dim);
    return keys;
  }
}
