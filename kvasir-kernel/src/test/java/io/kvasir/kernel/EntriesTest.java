package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class EntriesTest {
  @Test
  void aBytePlaceCountsInItsLine() {
    float[] out = new float[2 * 200];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocate(1 + 3 * 4);
      int[] places = {3, 199, 0, 130}; // two for each line
      for (int i = 0; i < places.length; i++) {
        from.set(ValueLayout.JAVA_BYTE, 1 + 3L * i, (byte) places[i]);
        Half.set(from, 2 + 3L * i, i + 1.5f);
      }
      Entries.putBytePlaces(from, 1, 2, 2, out, 200);
    }
    float[] expected = new float[2 * 200];
    expected[3] = 1.5f;
    expected[199] = 2.5f;
    expected[200] = 3.5f;
    expected[330] = 4.5f;
    assertThat(out).isEqualTo(expected);
  }

  @Test
  void aShortPlaceOutsideTheLinesIsAnothers() {
    float[] out = new float[2 * 16];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocate(4 * 4, 4);
      int[] places = {999, 1000, 1015, 40_000};
      for (int i = 0; i < places.length; i++) {
        from.set(ValueLayout.JAVA_SHORT, 4L * i, (short) places[i]);
        Half.set(from, 2 + 4L * i, i + 1.5f);
      }
      Entries.putShortPlaces(from, 0, 2, 2, 1000, out, 16);
    }
    float[] expected = new float[2 * 16];
    expected[0] = 2.5f;
    expected[31] = 3.5f;
    assertThat(out).isEqualTo(expected);
  }
}
