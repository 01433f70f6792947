package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainRowsTest {
  private static final int DIM = 48;

  @ParameterizedTest
  @CsvSource({"F32,64,0", "F32,1,63", "F32,7,20", "F16,64,0", "F16,1,63", "F16,7,20"})
  void bytesAndFloatsAreThoseOfSingleRows(PageLayout.Code code, int rows, int slot) {
    PageLayout layout = new PageLayout(code, PageLayout.Side.NONE, DIM, DIM);
    float[] x = Blocks.floats(rows * DIM, 1);
    x[3] = -0f;
    x[4] = 1e-7f; // subnormal as f16
    x[5] = 65504f;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment keys = arena.allocate(layout.bytes(), 64);
      MemorySegment values = arena.allocate(layout.bytes(), 64);
      PlainRows.writeKeys(layout, x, rows, keys, slot);
      PlainRows.writeValues(layout, x, rows, values, slot);
      MemorySegment oneByOne = arena.allocate(layout.bytes(), 64);
      for (int r = 0; r < rows; r++) {
        PageRows.writeKey(layout, oneByOne, slot + r, 0, 0, codes(code, x, r));
      }
      assertThat(keys.mismatch(oneByOne)).isEqualTo(-1);
      for (int r = 0; r < rows; r++) {
        PageRows.writeValue(layout, oneByOne.fill((byte) 0), slot + r, 0, 0, codes(code, x, r));
        long at = layout.codesAt() + (long) (slot + r) * layout.rowBytes();
        assertThat(values.asSlice(at, layout.rowBytes()))
            .returns(-1L, row -> row.mismatch(oneByOne.asSlice(at, layout.rowBytes())));
      }
      float[] read = new float[rows * DIM];
      float[] row = new float[DIM];
      PlainRows.readKeys(layout, keys, slot, read, rows);
      for (int r = 0; r < rows; r++) {
        PageRows.readKey(layout, keys, slot + r, row, 0);
        assertThat(Arrays.copyOfRange(read, r * DIM, (r + 1) * DIM)).isEqualTo(row);
      }
      PlainRows.readValues(layout, values, slot, read, rows);
      for (int r = 0; r < rows; r++) {
        PageRows.readValue(layout, values, slot + r, row, 0);
        assertThat(Arrays.copyOfRange(read, r * DIM, (r + 1) * DIM)).isEqualTo(row);
      }
    }
  }

  private static int[] codes(PageLayout.Code code, float[] x, int row) {
    int[] codes = new int[DIM];
    for (int d = 0; d < DIM; d++) {
      float number = x[row * DIM + d];
      codes[d] =
          code == PageLayout.Code.F32
              ? Float.floatToRawIntBits(number)
              : Float.floatToFloat16(number);
    }
    return codes;
  }
}
