package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageBf16Test {
  private static final short GUARD = 0x1234;

  @ParameterizedTest
  @CsvSource({
    "64,64,256,64",
    "64,64,64,0",
    "63,80,256,128",
    "1,16,32,30",
    "80,64,96,0",
    "32,128,256,192"
  })
  void everyElementIsRoundedToItsPlace(int rows, int columns, int depth, int row) {
    float[] x = Blocks.floats(rows * columns, 1);
    int blocks = (columns + 63) / 64;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
      MemorySegment b = arena.allocate(PageBf16.bytes(depth, columns), 64);
      short[] expected = new short[depth * 64 * blocks];
      assertThat(b.byteSize()).isEqualTo(2L * expected.length);
      for (int i = 0; i < expected.length; i++) {
        b.setAtIndex(ValueLayout.JAVA_SHORT, i, GUARD);
        expected[i] = GUARD;
      }
      for (int p = 0; p < rows; p++) {
        for (int j = 0; j < columns; j++) {
          int at = j / 64 * 64 * depth + (row + p) / 2 * 128 + j % 64 * 2 + p % 2;
          expected[at] = Bf16Ref.round(x[p * columns + j]);
        }
      }
      PageBf16.round(from, rows, columns, b, depth, row);
      assertThat(b.toArray(ValueLayout.JAVA_SHORT)).isEqualTo(expected);
    }
  }

  @Test
  void aMatrixTakesWholeBlocks() {
    assertThat(PageBf16.depth(64)).isEqualTo(64);
    assertThat(PageBf16.depth(80)).isEqualTo(96);
    assertThat(PageBf16.bytes(80, 1)).isEqualTo(2 * 96 * 64);
    assertThat(PageBf16.bytes(64, 256)).isEqualTo(2 * 64 * 256);
  }
}
