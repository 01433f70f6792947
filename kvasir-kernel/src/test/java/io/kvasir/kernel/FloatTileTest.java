package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatTileTest {
  @ParameterizedTest
  @CsvSource({
    "64,64,6",
    "64,64,48",
    "80,64,12",
    "96,80,6",
    "128,1,18",
    "256,63,6",
    "16,33,6",
    "64,64,3",
    "80,33,9",
    "144,64,3",
    "16,5,3"
  })
  void productsAreTheScalarTwins(int columns, int depth, int rows) {
    int width = depth + 3;
    float[] a = Blocks.floats(rows * width, 1);
    float[] c = Blocks.floats(rows * columns + 1, 2);
    float[] twin = c.clone();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment b = floats(depth * columns, arena);
      FloatTile.multiplyAdd(a, width, rows, depth, b, c, columns);
      FloatTileRef.multiplyAdd(a, width, rows, depth, b, twin, columns);
    }
    assertThat(c).isEqualTo(twin);
  }

  @Test
  void paddingFillsTiles() {
    assertThat(FloatTile.padded(0)).isZero();
    assertThat(FloatTile.padded(1)).isEqualTo(3);
    assertThat(FloatTile.padded(6)).isEqualTo(6);
    assertThat(FloatTile.padded(7)).isEqualTo(9);
  }

  private static MemorySegment floats(int count, Arena arena) {
    MemorySegment all = arena.allocate(4L * count, 64);
    MemorySegment.copy(Blocks.floats(count, 3), 0, all, ValueLayout.JAVA_FLOAT, 0, count);
    return all;
  }
}
