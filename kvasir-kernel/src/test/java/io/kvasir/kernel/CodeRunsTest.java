package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeRunsTest {
  @ParameterizedTest
  @CsvSource({"2,16", "2,64", "2,96", "3,16", "3,64", "3,192", "4,32", "4,64", "4,112"})
  void numbersAreThoseOfTheScalarTwin(int bits, int n) {
    int at = 5;
    byte[] bytes = new byte[at + n * bits / 8 + CodeRuns.BEHIND];
    new Random(bits * n).nextBytes(bytes);
    float[] scales = Blocks.floats(n + 3, 1);
    float[] zeros = new float[n + 3];
    for (int i = 0; i < zeros.length; i++) {
      zeros[i] = 700 * i - 30_000;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocate(bytes.length);
      from.copyFrom(MemorySegment.ofArray(bytes));
      float[] out = new float[n + 2];
      CodeRuns.widen(from, at, bits, n, 0.3f, 2, -0.7f, out, 2);
      for (int i = 0; i < n; i++) {
        int code = CodeRunsRef.code(from, at, bits, i);
        assertThat(out[2 + i]).isEqualTo(CodeRunsRef.number(code, 0.3f, 2, -0.7f));
      }
      CodeRuns.widen(from, at, bits, n, scales, zeros, 3, out, 2);
      for (int i = 0; i < n; i++) {
        int code = CodeRunsRef.code(from, at, bits, i);
        assertThat(out[2 + i]).isEqualTo(scales[3 + i] * (code - zeros[3 + i]));
      }
    }
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
