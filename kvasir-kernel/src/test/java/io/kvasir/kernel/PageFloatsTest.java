package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageFloatsTest {
  @ParameterizedTest
  @CsvSource({"F16,64", "F16,80", "F16,128", "F32,64", "F32,96"})
  void aPageBecomesTheFloatsOfItsRows(PageLayout.Code code, int dim) {
    PageLayout layout = new PageLayout(code, PageLayout.Side.NONE, dim, dim);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = page(layout, arena);
      MemorySegment room = arena.allocate(PageFloats.bytes(dim), 64);
      float[] row = new float[dim];
      MemorySegment keys = PageFloats.keys(layout, page, room);
      for (int slot = 0; slot < PageLayout.SLOTS; slot++) {
        PageRows.readKey(layout, page, slot, row, 0);
        for (int d = 0; d < dim; d++) {
          assertThat(at(keys, d * PageLayout.SLOTS + slot)).isEqualTo(row[d]);
        }
      }
      MemorySegment values = PageFloats.values(layout, page, room);
      for (int slot = 0; slot < PageLayout.SLOTS; slot++) {
        PageRows.readValue(layout, page, slot, row, 0);
        for (int d = 0; d < dim; d++) {
          assertThat(at(values, slot * dim + d)).isEqualTo(row[d]);
        }
      }
    }
  }

  @Test
  void otherCodesAreReadAsTheyAre() {
    PageLayout layout = new PageLayout(PageLayout.Code.I8, PageLayout.Side.SCALE, 64, 64);
    MemorySegment none = MemorySegment.NULL;
    assertThat(PageFloats.has(layout)).isFalse();
    assertThatThrownBy(() -> PageFloats.keys(layout, none, none))
        .hasMessage("I8 keys are read as codes");
    assertThatThrownBy(() -> PageFloats.values(layout, none, none))
        .hasMessage("I8 values are read as codes");
  }

  private static MemorySegment page(PageLayout layout, Arena arena) {
    Random random = new Random(7);
    MemorySegment page = arena.allocate(layout.bytes(), 64);
    for (long at = 0; at < layout.bytes(); at += 2) { // finite as f16, and as the upper half of f32
      page.set(PageRows.SHORT, at, (short) (random.nextInt(0x7800) | random.nextInt(2) << 15));
    }
    return page;
  }

  private static float at(MemorySegment floats, int i) {
    return Float.intBitsToFloat(floats.get(Tile.INT, 4L * i));
  }
}
