package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LowRankSumsTest {
  @ParameterizedTest
  @CsvSource({"64,64,4", "64,64,1", "64,64,0", "96,64,2", "64,80,3", "256,64,16"})
  void sumsAndPagesAreThoseOfTheScalarTwinWhateverTheCompany(int positions, int lanes, int rank) {
    float[] left = Blocks.floats(rank * positions, 1);
    float[] right = Blocks.floats(rank * lanes, 2);
    LowRankSums sums = new LowRankSums(positions, lanes, rank + 1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment halves = arena.allocate(2 + 2L * rank * (positions + lanes), 4);
      Half.narrow(left, 0, halves, 2, left.length);
      Half.narrow(right, 0, halves, 2 + 2L * left.length, right.length);
      Half.widen(halves, 2, left, 0, left.length);
      Half.widen(halves, 2 + 2L * left.length, right, 0, right.length);
      sums.rank(rank);
      sums.left(halves, 2);
      sums.right(halves, 2 + 2L * left.length);
      check(sums, left, right, rank, positions, lanes);
      sums.right(new float[rank * lanes]);
      sums.left(left);
      sums.right(right);
      check(sums, left, right, rank, positions, lanes);
    }
  }

  private static void check(
      LowRankSums sums, float[] left, float[] right, int rank, int positions, int lanes) {
    for (int count : new int[] {1, 3, 7}) {
      float[] x = Blocks.floats(count * positions, 3);
      float[] out = Blocks.floats(FloatTile.padded(count) * lanes, 4);
      float[] expected = out.clone();
      sums.add(x, count, out);
      for (int i = 0; i < count; i++) {
        float[] row = Arrays.copyOfRange(x, i * positions, (i + 1) * positions);
        float[] twin = Arrays.copyOfRange(expected, i * lanes, (i + 1) * lanes);
        LowRankSumsRef.add(left, right, rank, row, twin);
        assertThat(Arrays.copyOfRange(out, i * lanes, (i + 1) * lanes)).isEqualTo(twin);
      }
    }
    float[] page = Blocks.floats(FloatTile.padded(positions) * lanes, 5);
    float[] expected = page.clone();
    sums.addPage(page);
    LowRankSumsRef.addPage(left, right, rank, positions, lanes, expected);
    assertThat(Arrays.copyOf(page, positions * lanes))
        .isEqualTo(Arrays.copyOf(expected, positions * lanes));
  }
}
