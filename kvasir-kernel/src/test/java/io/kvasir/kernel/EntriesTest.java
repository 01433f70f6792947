package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntriesTest {
  private static final int POSITIONS = 64;
  private static final int LANES = 200;
  private static final int EACH = 2;

  /** The lane of entry {@code i}; some come twice. */
  private static int lane(int i) {
    return i * 37 % LANES;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void bothFormsAddEachNumberToTheSumsOfItsLane(int count) {
    int rows = FloatTile.padded(count);
    float[] x = Blocks.floats(rows * POSITIONS, 1);
    float[] expected = Blocks.floats(rows * LANES, 2);
    float[] byPosition = expected.clone();
    float[] places = expected.clone();
    for (int i = 0; i < count; i++) {
      for (int e = 0; e < EACH * POSITIONS; e++) {
        int at = i * LANES + lane(e);
        expected[at] = Math.fma(x[i * POSITIONS + e / EACH], e + 1.5f, expected[at]);
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment three = byPosition(arena);
      Entries.addByPosition(three, 1, POSITIONS, EACH, x, count, LANES, byPosition);
      MemorySegment four = places(arena);
      Entries.addPlaces(four, 2, EACH * POSITIONS, x, POSITIONS, count, LANES, places);
    }
    for (int i = 0; i < count * LANES; i++) {
      assertThat(byPosition[i]).isEqualTo(expected[i]);
      assertThat(places[i]).isEqualTo(expected[i]);
    }
  }

  @Test
  void bothFormsAddEachNumberToWhatStandsInItsPlace() {
    float[] expected = Blocks.floats(POSITIONS * LANES, 3);
    float[] byPosition = expected.clone();
    float[] places = expected.clone();
    for (int e = 0; e < EACH * POSITIONS; e++) {
      expected[e / EACH * LANES + lane(e)] += e + 1.5f;
    }
    try (Arena arena = Arena.ofConfined()) {
      Entries.addByPosition(byPosition(arena), 1, POSITIONS, EACH, LANES, byPosition);
      Entries.addPlaces(places(arena), 2, EACH * POSITIONS, LANES, places);
    }
    assertThat(byPosition).isEqualTo(expected);
    assertThat(places).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPartOfTheLanesGetsTheNumbersThatAreItsOwn(boolean turned) {
    int first = 48;
    int lanes = 80;
    int byPosition = turned ? 1 : lanes;
    int byLane = turned ? POSITIONS : 1;
    float[] expected = Blocks.floats(POSITIONS * lanes, 4);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(4L * expected.length, 4);
      MemorySegment.copy(expected, 0, page, ValueLayout.JAVA_FLOAT, 0, expected.length);
      MemorySegment words = arena.allocate(3 + 4 * EACH * POSITIONS);
      for (int e = 0; e < EACH * POSITIONS; e++) {
        words.set(ValueLayout.JAVA_SHORT_UNALIGNED, 3 + 4L * e, (short) lane(e));
        Half.set(words, 5 + 4L * e, e + 1.5f);
        int lane = lane(e) - first;
        if (lane >= 0 && lane < lanes) {
          expected[e / EACH * byPosition + lane * byLane] += e + 1.5f;
        }
      }
      Entries.addLanes(words, 3, POSITIONS, EACH, first, lanes, byPosition, byLane, page);
      assertThat(page.toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(expected);
    }
  }

  private static MemorySegment byPosition(Arena arena) {
    MemorySegment entries = arena.allocate(1 + 3 * EACH * POSITIONS);
    for (int e = 0; e < EACH * POSITIONS; e++) {
      entries.set(ValueLayout.JAVA_BYTE, 1 + 3L * e, (byte) lane(e));
      Half.set(entries, 2 + 3L * e, e + 1.5f);
    }
    return entries;
  }

  private static MemorySegment places(Arena arena) {
    MemorySegment entries = arena.allocate(2 + 4 * EACH * POSITIONS);
    for (int e = 0; e < EACH * POSITIONS; e++) {
      entries.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 + 4L * e, Entries.place(e / EACH, lane(e)));
      Half.set(entries, 4 + 4L * e, e + 1.5f);
    }
    return entries;
  }

  @Test
  void theLargestPlaceFitsSixteenBits() {
    assertThat(Entries.place(POSITIONS - 1, Entries.PLACE_LANES - 1)).isEqualTo((short) 0xffff);
  }
}
