package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HadamardColumnsTest {
  @ParameterizedTest
  @CsvSource({"1,16", "2,64", "4,16", "8,64", "16,48", "32,64", "64,64", "128,16", "512,64"})
  void columnsAreTheScalarTwins(int n, int columns) {
    float[] twin = Blocks.floats(n * columns, n);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocate(4L * n * columns, 4);
      MemorySegment.copy(twin, 0, x, ValueLayout.JAVA_FLOAT, 0, twin.length);
      HadamardColumns.turn(x, n, columns);
      HadamardColumnsRef.turn(twin, n, columns);
      assertThat(x.toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(twin);
    }
  }

  /** Row i of H has sign (-1)^(number of ones in i and j). */
  @ParameterizedTest
  @CsvSource({"8", "16", "64"})
  void aUnitVectorBecomesAColumnOfSigns(int n) {
    try (Arena arena = Arena.ofConfined()) {
      for (int j = 0; j < n; j++) {
        MemorySegment x = arena.allocate(4L * n * 16, 4);
        x.setAtIndex(ValueLayout.JAVA_FLOAT, j * 16L, 1);
        HadamardColumns.turn(x, n, 16);
        for (int i = 0; i < n; i++) {
          float sign = Integer.bitCount(i & j) % 2 == 0 ? 1 : -1;
          assertThat(x.getAtIndex(ValueLayout.JAVA_FLOAT, i * 16L)).isEqualTo(sign);
        }
      }
    }
  }
}
