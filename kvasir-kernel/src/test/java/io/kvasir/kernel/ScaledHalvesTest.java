package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaledHalvesTest {
  private static final int SLOTS = PageLayout.SLOTS;

  @ParameterizedTest
  @ValueSource(ints = {16, 64, 80, 256})
  void everyNumberHasTheLengthOfItsSlot(int dim) {
    int lengthsAt = 2 * SLOTS * dim + 4;
    float[] numbers = Blocks.floats(SLOTS * dim, 1);
    float[] lengths = Blocks.floats(SLOTS, 2);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(lengthsAt + 4L * SLOTS, 64);
      Half.narrow(numbers, 0, page, 0, numbers.length);
      for (int slot = 0; slot < SLOTS; slot++) {
        page.set(ValueLayout.JAVA_FLOAT, lengthsAt + 4L * slot, lengths[slot]);
      }
      MemorySegment columns = arena.allocate(4L * SLOTS * dim, 64);
      ScaledHalves.columns(page, lengthsAt, dim, columns);
      MemorySegment rows = arena.allocate(4L * SLOTS * dim, 64);
      ScaledHalves.rows(page, lengthsAt, dim, rows);
      for (int i = 0; i < SLOTS * dim; i++) {
        int d = i / SLOTS;
        long half = 4L * (d / 2 * SLOTS + i % SLOTS) + 2 * (d % 2);
        assertThat(columns.getAtIndex(ValueLayout.JAVA_FLOAT, i))
            .isEqualTo(ScaledHalvesRef.number(page, half, lengthsAt + 4L * (i % SLOTS)));
        assertThat(rows.getAtIndex(ValueLayout.JAVA_FLOAT, i))
            .isEqualTo(ScaledHalvesRef.number(page, 2L * i, lengthsAt + 4L * (i / dim)));
      }
      float[] x = Blocks.floats(3 * SLOTS, 3);
      float[] scaled = new float[3 * SLOTS];
      ScaledHalves.scale(page, lengthsAt, x, 3, scaled);
      for (int i = 0; i < x.length; i++) {
        assertThat(scaled[i]).isEqualTo(x[i] * lengths[i % SLOTS]);
      }
      ScaledHalves.scatter(page, 2L * dim, dim, columns, 5, SLOTS);
      for (int d = 0; d < dim; d++) {
        assertThat(columns.getAtIndex(ValueLayout.JAVA_FLOAT, d * SLOTS + 5))
            .isEqualTo(Half.get(page, 2L * (dim + d)));
      }
    }
  }
}
