package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeRunsTest {
  private static final int COUNT = 7;

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void columnsStandInTheOrderOfTheirPlaces(int bits) {
    int[] places = {4, 0, 6, 2, 1, 5, 3};
    int slots = PageLayout.SLOTS;
    float[] scales = Blocks.floats(3 * slots, 2); // groups of three places
    float[] offsets = Blocks.floats(3 * slots, 3);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = random(arena, 1 + COUNT * slots * bits / 8 + CodeRuns.BEHIND);
      MemorySegment out = arena.allocate(4L * 5 * slots, 4);
      CodeRuns.columns(from, 1, bits, places, 2, 5, 3, scales, offsets, out);
      for (int i = 0; i < 5 * slots; i++) {
        int place = places[2 + i / slots];
        int side = place / 3 * slots + i % slots;
        int code = CodeRunsRef.code(from, 1, bits, place * slots + i % slots);
        assertThat(out.getAtIndex(ValueLayout.JAVA_FLOAT, i))
            .isEqualTo(CodeRunsRef.scaled(code, scales[side], offsets[side]));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2,16", "2,64", "2,80", "3,16", "3,64", "3,192", "4,32", "4,64", "4,112"})
  void codesChooseLevels(int bits, int n) {
    int at = 5;
    int stride = n * bits / 8 + 3;
    float[] levels = Blocks.floats(1 << bits, bits);
    float[] mids = Blocks.floats(COUNT + 2, 3);
    float[] halves = Blocks.floats(COUNT + 2, 4);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = random(arena, at + COUNT * stride + CodeRuns.BEHIND);
      int width = n + 5;
      MemorySegment out = arena.allocate(4L * COUNT * width, 4).fill((byte) -1);
      float[] repeated = CodeRuns.repeated(levels);
      CodeRuns.levels(from, at, stride, bits, n, COUNT, repeated, mids, halves, 2, out, 3, width);
      for (int r = 0; r < COUNT; r++) {
        for (int i = 0; i < n; i++) {
          int code = CodeRunsRef.code(from, at + (long) r * stride, bits, i);
          assertThat(out.getAtIndex(ValueLayout.JAVA_FLOAT, 3 + r * width + i))
              .isEqualTo(CodeRunsRef.level(code, levels, mids[2 + r], halves[2 + r]));
        }
        assertThat(out.getAtIndex(ValueLayout.JAVA_INT, 2 + r * width)).isEqualTo(-1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void codesAreReadAsTheyWereWritten(int bits) {
    int n = 96;
    int[] codes = new Random(bits).ints(n, 0, 1 << bits).toArray();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(CodeRunsRef.bytes(n, bits) + 3).fill((byte) -1);
      for (int i = n - 1; i >= 0; i--) {
        CodeRunsRef.put(page, 3, bits, i, codes[i]);
      }
      for (int i = 0; i < n; i++) {
        assertThat(CodeRunsRef.code(page, 3, bits, i)).isEqualTo(codes[i]);
        assertThat(bits(page, 3, bits, i)).isEqualTo(codes[i]);
      }
      assertThat(page.asSlice(0, 3).toArray(ValueLayout.JAVA_BYTE)).containsOnly(-1);
    }
  }

  /** By the layout's words: code i is at bit i * bits, the lowest bit of a byte first. */
  private static int bits(MemorySegment from, long at, int bits, int i) {
    int code = 0;
    for (int b = 0; b < bits; b++) {
      int bit = i * bits + b;
      code |= (from.get(ValueLayout.JAVA_BYTE, at + bit / 8) >> bit % 8 & 1) << b;
    }
    return code;
  }

  private static MemorySegment random(Arena arena, int bytes) {
    byte[] all = new byte[bytes];
    new Random(bytes).nextBytes(all);
    MemorySegment from = arena.allocate(bytes, 4);
    from.copyFrom(MemorySegment.ofArray(all));
    return from;
  }

  @ParameterizedTest
  @CsvSource({"16", "64"})
  void wholeNumbersKeepTheirSign(int n) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocate(2L * n, 2);
      for (int i = 0; i < n; i++) {
        from.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (i * 2047 - 32_768));
      }
      float[] out = new float[n + 1];
      CodeRuns.wholes(from, 0, n, out, 1);
      for (int i = 0; i < n; i++) {
        assertThat(out[1 + i]).isEqualTo((short) (i * 2047 - 32_768));
      }
    }
  }
}
