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
  @CsvSource({"2,16", "2,64", "2,96", "3,16", "3,64", "3,192", "4,32", "4,64", "4,112"})
  void numbersAreThoseOfTheScalarTwin(int bits, int n) {
    int at = 5;
    int bytes = n * bits / 8;
    float[] scales = Blocks.floats(COUNT, 1);
    float[] zeros = zeros(COUNT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = random(arena, at + COUNT * bytes + CodeRuns.BEHIND);
      float[] rows = new float[3 + COUNT * (n + 1)];
      CodeRuns.rows(from, at, bytes, bits, n, COUNT, scales, zeros, rows, 3, n + 1);
      for (int r = 0; r < COUNT; r++) {
        for (int i = 0; i < n; i++) {
          int code = CodeRunsRef.code(from, at, bits, r * n + i);
          assertThat(rows[3 + r * (n + 1) + i])
              .isEqualTo(CodeRunsRef.centred(code, scales[r], zeros[r]));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void columnsStandInTheOrderOfTheirPlaces(int bits) {
    int[] places = {4, 0, 6, 2, 1, 5, 3};
    int slots = PageLayout.SLOTS;
    float[] scales = Blocks.floats(3 * slots, 2); // groups of three places
    float[] zeros = zeros(3 * slots);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = random(arena, 1 + COUNT * slots * bits / 8 + CodeRuns.BEHIND);
      float[] out = new float[5 * slots];
      CodeRuns.columns(from, 1, bits, places, 2, 5, 3, scales, zeros, out);
      for (int i = 0; i < out.length; i++) {
        int place = places[2 + i / slots];
        int side = place / 3 * slots + i % slots;
        int code = CodeRunsRef.code(from, 1, bits, place * slots + i % slots);
        assertThat(out[i]).isEqualTo(CodeRunsRef.centred(code, scales[side], zeros[side]));
      }
    }
  }

  private static MemorySegment random(Arena arena, int bytes) {
    byte[] all = new byte[bytes];
    new Random(bytes).nextBytes(all);
    MemorySegment from = arena.allocate(bytes, 4);
    from.copyFrom(MemorySegment.ofArray(all));
    return from;
  }

  private static float[] zeros(int n) {
    float[] zeros = new float[n];
    for (int i = 0; i < n; i++) {
      zeros[i] = 300 * i - 30_000;
    }
    return zeros;
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
